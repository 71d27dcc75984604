#!/usr/bin/env node
// Runs the binary that is in this platform's package, as if it had been called itself: its input, its output, its signals, its exit code.
'use strict';

const { spawn } = require('node:child_process');
const { constants } = require('node:os');

const packages = Object.keys(require('../package.json').optionalDependencies);
const platform = `${process.platform}-${process.arch}`;

// Wrong usage, as the command itself calls it: nothing was verified.
function fail(sentence) {
  process.stderr.write(`schemagate: ${sentence}\n`);
  process.exit(2);
}

function hasGlibc() {
  return process.platform !== 'linux' || Boolean(process.report.getReport().header.glibcVersionRuntime);
}

function binary() {
  const wanted = `@schemagate/${platform}`;
  if (!packages.includes(wanted) || !hasGlibc()) {
    const known = packages.map((name) => name.slice('@schemagate/'.length)).join(', ');
    fail(`there is no binary for ${platform}${hasGlibc() ? '' : ' with musl'}, only for ${known} with glibc. `
      + 'Use the container image there.');
  }
  try {
    return require.resolve(`${wanted}/bin/schemagate`);
  } catch {
    return fail(`${wanted} is not installed. npm leaves it out with --omit=optional, or where node_modules comes from another `
      + 'platform: run `npm install` again, here and without it.');
  }
}

const child = spawn(binary(), process.argv.slice(2), { stdio: 'inherit', argv0: 'schemagate' });
child.on('error', (error) => fail(`the binary cannot be run: ${error.message}`));

// A terminal tells all of its processes of Ctrl-C and of its end by itself; what is sent to this process alone is handed on.
const isTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM']) {
  process.on(signal, () => {
    if (signal === 'SIGTERM' || !isTerminal) {
      child.kill(signal);
    }
  });
}

child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
