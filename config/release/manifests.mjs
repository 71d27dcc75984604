// Prints the manifests of packages: `npm VERSION PLATFORM...`, `platform VERSION PLATFORM`, `krew VERSION URL (PLATFORM SHA256)...`.
const [what, version, ...rest] = process.argv.slice(2);

const sentence = 'Keeps application code off a database schema it was not written for';
const architectures = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' };
const common = { version, description: sentence, license: 'Apache-2.0' };

// The binary is one of the platforms' packages, of which npm installs the one that fits: nothing is downloaded by a script.
const npm = () => ({
  name: 'schemagate',
  ...common,
  keywords: ['prisma', 'postgresql', 'migrations', 'kubernetes', 'schema'],
  bin: { schemagate: 'bin/schemagate.js' },
  engines: { node: '>=16' },
  optionalDependencies: Object.fromEntries(rest.map((platform) => [`@schemagate/${platform}`, version])),
});

const platform = () => ({
  name: `@schemagate/${rest[0]}`,
  ...common,
  description: `The command schemagate for ${rest[0]}: install schemagate, which depends on it`,
  os: [rest[0].split('-')[0]],
  cpu: [rest[0].split('-')[1]],
  libc: ['glibc'],
  preferUnplugged: true,
});

// https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest: JSON's strings are YAML's, too.
const krew = () => {
  const platforms = [];
  for (let at = 1; at < rest.length; at += 2) {
    const arch = architectures[rest[at]];
    platforms.push(`  - selector:
      matchLabels:
        os: linux
        arch: ${arch}
    uri: ${rest[0]}/schemagate_${version}_linux_${arch}.tar.gz
    sha256: ${rest[at + 1]}
    bin: schemagate
    files:
      - from: schemagate
        to: .
      - from: kubectl_complete-schemagate
        to: .
      - from: licenses/*
        to: licenses
`);
  }

  return `apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: schemagate
spec:
  version: v${version}
  shortDescription: See why rollouts wait for database migrations
  description: |
    ${sentence}.
    Shows every gate of a cluster, what is pending, what is held and what opens
    it; approves risky plans, goes back to what ran, and judges a checkout's
    migrations before they are deployed.
  caveats: |
    It talks to gates of SchemaGate's operator, which is installed by itself.
    To complete its words, put kubectl_complete-schemagate into your PATH:
      ln -s "\${KREW_ROOT:-$HOME/.krew}/store/schemagate/v${version}/kubectl_complete-schemagate" ~/.local/bin/
  platforms:
${platforms.join('')}`;
};

const made = { npm, platform, krew }[what]();
process.stdout.write(typeof made === 'string' ? made : `${JSON.stringify(made, null, 2)}\n`);
