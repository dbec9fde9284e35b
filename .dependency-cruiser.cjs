// The arrows of ARCHITECTURE.md, "Layout and direction": a folder may import only what stands to its right.
const below = {
  core: [],
  types: ['core'],
  manifest: ['types', 'core'],
  bridge: ['manifest', 'types', 'core'],
  engine: ['manifest', 'types', 'core'],
  registry: ['engine', 'bridge', 'manifest', 'types', 'core'],
  stacks: ['registry', 'engine', 'bridge', 'manifest', 'types', 'core'],
  builder: ['stacks', 'registry', 'engine', 'bridge', 'manifest', 'types', 'core'],
  connectors: ['manifest', 'types', 'core'],
  workflow: ['connectors', 'registry', 'manifest', 'types', 'core'],
  supervisor: ['workflow', 'connectors', 'registry', 'engine', 'bridge', 'manifest', 'types', 'core'],
  gateway: [
    'supervisor',
    'workflow',
    'connectors',
    'registry',
    'engine',
    'bridge',
    'manifest',
    'types',
    'core',
  ],
  client: ['workflow', 'connectors', 'registry', 'manifest', 'types', 'core'],
  tui: ['client', 'manifest', 'types', 'core'],
  cli: ['tui', 'client', 'builder', 'stacks', 'registry', 'engine', 'bridge', 'manifest', 'types', 'core'],
};
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '^src/[^/]+/(main|index)\\.tsx?$',
          '^src/(connectors/[^/]+/process|(supervisor|gateway)/[^/]+-process)\\.ts$',
          '\\.d\\.ts$',
        ],
      },
      to: {},
    },
    ...Object.entries(below).map(([folder, allowed]) => ({
      name: `${folder}-looks-down`,
      severity: 'error',
      comment: `src/${folder} may import ${allowed.join(', ') || 'nothing'} alone`,
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
