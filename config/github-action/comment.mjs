// Writes a report to a pull request: over its own comment of an earlier run, which it finds by the marker in the report's first line.
// From the environment: GITHUB_API_URL, GITHUB_REPOSITORY, TOKEN, NUMBER (of the pull request), REPORT (a file).
import { readFile } from 'node:fs/promises';

const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, TOKEN: token, NUMBER: number, REPORT: report } = process.env;
const mostPages = 30;
const beginning = '<!-- schemagate ';
// GitHub takes 65,536 characters, and each of the reports in the file may have nearly as many.
const longest = 65_000;

async function ask(method, path, body) {
  const answer = await fetch(`${api}/repos/${repository}/issues/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    body: body && JSON.stringify({ body }),
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) {
    const hint = answer.status === 403 || answer.status === 404 ? ' Does the job have `permissions: pull-requests: write`?' : '';
    throw new Error(`The comment was not written: ${method} ${path} answers ${answer.status}.${hint}`);
  }
  return answer.json();
}

// Of a person's comment that quotes the marker, nothing is overwritten.
async function earlier(marker) {
  for (let page = 1; page <= mostPages; page++) {
    const comments = await ask('GET', `${number}/comments?per_page=100&page=${page}`);
    const own = comments.find((comment) => comment.user?.type === 'Bot' && comment.body?.startsWith(marker));
    if (own || comments.length < 100) {
      return own;
    }
  }
  return undefined;
}

function shortened(body) {
  if (body.length <= longest) {
    return body;
  }
  const shown = body.slice(0, body.lastIndexOf('\n', longest) + 1);
  const isOpen = shown.lastIndexOf('<details') > shown.lastIndexOf('</details>');
  return `${shown}${isOpen ? '\n</details>\n' : ''}\nThe rest is in the job's summary.\n`;
}

try {
  if (!/^[0-9]+$/.test(number ?? '')) {
    throw new Error('There is no pull request to comment on.');
  }
  const body = await readFile(report, 'utf8');
  // Whatever begins with nothing would be taken for ours.
  if (!body.startsWith(beginning)) {
    throw new Error('There is no report to comment with: the log of the step before says why.');
  }
  const own = await earlier(body.split('\n')[0]);
  await (own ? ask('PATCH', `comments/${own.id}`, shortened(body)) : ask('POST', `${number}/comments`, shortened(body)));
} catch (error) {
  console.log(`::error title=SchemaGate::${String(error.message).replaceAll('\n', ' ')}`);
  process.exitCode = 1;
}
