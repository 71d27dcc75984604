// Prints an SBOM: `PACKAGES-FILE WHAT VERSION [PLATFORM or REFERENCE]`, as config/release/sbom calls it.
import { existsSync, readFileSync } from 'node:fs';

const [file, what, version, detail] = process.argv.slice(2);
const { RUNTIME_VERSION: runtime, PARSER_VERSION: parser, RUNTIME_IMAGE: base, SOURCE_DATE_EPOCH: epoch = '0' } = process.env;

const licensed = (id) => [{ license: { id } }];
const component = (type, name, componentVersion, purl, licenses) =>
  ({ type, 'bom-ref': purl, name, version: componentVersion, scope: 'required', ...(licenses && { licenses }), purl });

// registry.example.com/schemagate@sha256:… or NAME:TAG, as https://github.com/package-url/purl-spec has it.
function image(reference) {
  const [, repository, tag, digest] = reference.match(/^(.*?)(?::([^:@/]+))?(?:@(sha256:[0-9a-f]{64}))?$/);
  const name = repository.split('/').pop();
  const purl = `pkg:oci/${name}${digest ? `@${encodeURIComponent(digest)}` : ''}?repository_url=${repository}${tag ? `&tag=${tag}` : ''}`;
  return component('container', repository, digest ?? tag, purl);
}

const platform = what === 'binary' ? detail : 'linux-x64';

// What the file that is published holds beside NuGet's packages (Dockerfile, SchemaGate.csproj).
const linked = [
  component('framework', 'Microsoft.NETCore.App', runtime, `pkg:nuget/Microsoft.NETCore.App.Runtime.NativeAOT.${platform}@${runtime}`,
    licensed('MIT')),
  component('framework', 'Microsoft.AspNetCore.App', runtime, `pkg:nuget/Microsoft.AspNetCore.App.Runtime.${platform}@${runtime}`,
    licensed('MIT')),
  component('library', 'libpg_query', parser, `pkg:github/pganalyze/libpg_query@${parser}`, licensed('BSD-3-Clause')),
];

const made = { type: 'application', 'bom-ref': `schemagate@${version}`, name: 'schemagate', version, licenses: licensed('Apache-2.0') };
const subjects = {
  binary: () => ({ ...made, description: `The command, for ${detail}` }),
  image: () => image(detail),
  chart: () => ({ ...made, 'bom-ref': `chart@${version}`, description: 'The Helm chart' }),
};

const packages = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { bomFormat: 'CycloneDX', specVersion: '1.7', version: 1 };
const subject = subjects[what]();
// A compiler, an analyzer or a generator is not in what is built.
const nuget = (packages.components ?? []).filter((found) => found.scope !== 'excluded' && !/ILCompiler|Analyzers/.test(found.name));
const contents = {
  binary: () => [...nuget, ...linked],
  image: () => [...nuget, ...linked, made, image(base)],
  chart: () => [component('container', 'schemagate', version, `pkg:oci/schemagate?tag=${version}`, licensed('Apache-2.0'))],
};
const ordinal = (left, right) => (left['bom-ref'] < right['bom-ref'] ? -1 : Number(left['bom-ref'] > right['bom-ref']));
const components = contents[what]().sort(ordinal);

// The project is the file.
const root = `schemagate@${version}`;
const listed = packages.dependencies ?? [];
const inside = [...(listed.find((entry) => entry.ref === root)?.dependsOn ?? []), ...linked.map((found) => found['bom-ref'])];
const known = new Set(components.map((found) => found['bom-ref']));
const dependencies = [
  ...listed.filter((entry) => entry.ref !== root && known.has(entry.ref))
    .map((entry) => ({ ...entry, ...(entry.dependsOn && { dependsOn: entry.dependsOn.filter((ref) => known.has(ref)).sort() }) })),
  ...(what === 'chart' ? [] : [{ ref: root, dependsOn: inside.filter((ref) => known.has(ref)).sort() }]),
  ...(what === 'binary' ? [] : [{ ref: subject['bom-ref'], dependsOn: what === 'image' ? [root, image(base)['bom-ref']] : [...known] }]),
].sort((left, right) => (left.ref < right.ref ? -1 : Number(left.ref > right.ref)));

process.stdout.write(`${JSON.stringify({
  $schema: `http://cyclonedx.org/schema/bom-${packages.specVersion}.schema.json`,
  bomFormat: packages.bomFormat,
  specVersion: packages.specVersion,
  version: 1,
  metadata: {
    timestamp: new Date(Number(epoch) * 1000).toISOString().replace('.000', ''),
    ...(packages.metadata?.tools && { tools: packages.metadata.tools }),
    component: subject,
  },
  components,
  dependencies,
}, null, 2)}\n`);
