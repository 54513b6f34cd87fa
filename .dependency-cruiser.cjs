/**
 * Who may import whom: docs/architecture.md in rules. scripts/check-imports.mjs runs them, and proves on
 * planted violations that they see the modules at all.
 */
const DOMAIN =
  '(comments|moderation|sites|authors|staff|screening|text|requests|webhooks|filters|moving|mail)';
/** Leaves at the root: they import nothing of ours but each other. */
const LEAVES =
  '(errors|keys|ids|clock|group-by|pause|locales|owner|folder|part-file|startup-error|system-error)';
/** What the client for addresses of others promises; the client itself is handed in. */
const OUTGOING = 'src/outgoing/outgoing\\.ts$';

const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    error(
      'no-circular',
      'A circle of modules, of types too, has no first one to read.',
      {},
      { circular: true },
    ),
    error(
      'no-unresolvable',
      'An import that leads nowhere.',
      {},
      // npm leaves out what an older Node can't run.
      { couldNotResolve: true, pathNot: '^better-sqlite3-napi$' },
    ),
    error(
      'domain-knows-no-edges',
      'Domain rooms import each other, the leaves and deps.ts: never a store, the HTTP side or the process.',
      { path: `^src/${DOMAIN}/` },
      {
        path: '^(src|config|test|bench|scripts)/',
        pathNot: `^(src/${DOMAIN}/|src/(deps|${LEAVES})\\.ts$|${OUTGOING}|config/)`,
      },
    ),
    error(
      'domain-needs-no-runtime',
      'Of Node the domain uses node:crypto (and pure helpers); what waits or talks comes in through a port.',
      { path: `^src/${DOMAIN}/` },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|url|util|buffer|net|async_hooks)$' },
    ),
    error(
      'domain-libraries',
      'Small libraries that compute. A framework, a driver or a logger is somebody else’s room.',
      { path: `^src/${DOMAIN}/` },
      {
        path: 'node_modules/(express|helmet|mongoose|mongodb|better-sqlite3|pino|prom-client|express-rate-limit)/',
      },
    ),
    error(
      'leaves-are-leaves',
      'The root’s leaves import nothing of ours but leaves.',
      { path: `^src/${LEAVES}\\.ts$` },
      { path: '^(src|config|test)/', pathNot: `^src/${LEAVES}\\.ts$` },
    ),
    error(
      'deps-names-domain-only',
      'deps.ts names what use cases are given: domain types and leaves.',
      { path: '^src/deps\\.ts$' },
      { path: '^(src|config)/', pathNot: `^(src/(${DOMAIN}/|${LEAVES}\\.ts$)|${OUTGOING})` },
    ),
    error(
      'storage-implements-domain',
      'A store imports the domain, the leaves and its own driver: never the HTTP side or the composition.',
      { path: '^src/storage/' },
      { path: '^src/', pathNot: `^src/(storage/|${DOMAIN}/|(deps|${LEAVES})\\.ts$)` },
    ),
    error(
      'outgoing-stands-alone',
      'The client for addresses of others knows nothing of the service.',
      { path: '^src/outgoing/' },
      { path: '^(src|config)/', pathNot: '^src/outgoing/' },
    ),
    error(
      'outgoing-is-handed-in',
      'Rooms know what the client promises; only the composition makes one.',
      { path: '^src/', pathNot: '^src/(outgoing/|compose(-deps|-tools)?\\.ts$)' },
      { path: '^src/outgoing/', pathNot: `^${OUTGOING}` },
    ),
    error(
      'stores-never-meet',
      'Adapters never import each other.',
      { path: '^src/storage/([^/]+)/' },
      { path: '^src/storage/[^/]+/', pathNot: '^src/storage/$1/' },
    ),
    error(
      'sqlite-owns-its-driver',
      'Only its adapter talks to better-sqlite3.',
      { path: '^src/', pathNot: '^src/storage/sqlite/' },
      { path: 'node_modules/(@types/)?better-sqlite3' },
    ),
    error(
      'mongo-owns-its-driver',
      'Only its adapter talks to MongoDB.',
      { path: '^src/', pathNot: '^src/storage/mongo/' },
      { path: 'node_modules/(mongoose|mongodb)/' },
    ),
    error(
      'http-knows-no-store',
      'The HTTP side imports the domain, never a store and never the process.',
      { path: '^src/http/' },
      { path: '^src/', pathNot: `^src/(http/|${DOMAIN}/|(deps|${LEAVES})\\.ts$)` },
    ),
    error(
      'only-compose-names-adapters',
      'compose.ts and its two parts are the only files outside the rooms that name a store or the HTTP side.',
      { path: '^src/[^/]+\\.ts$', pathNot: '^src/compose(-deps|-tools)?\\.ts$' },
      { path: '^src/(http|storage/[^/]+)/' },
    ),
    error(
      'nobody-composes-but-main',
      'The composition is the process’s; rooms get what they need handed in.',
      { path: '^src/', pathNot: '^src/(main|cli|compose|compose-tools)\\.ts$' },
      { path: '^src/compose(-deps|-tools)?\\.ts$' },
    ),
    error(
      'commands-ask-the-domain',
      'Commands call the domain, with input checked by the schemas that check it over HTTP; the data is opened for them.',
      { path: '^src/cli/' },
      {
        path: '^src/',
        pathNot: `^src/(cli/|${DOMAIN}/|(deps|${LEAVES})\\.ts$|http/schemas/|http/(fields|problem)\\.ts$)`,
      },
    ),
    error(
      'settings-are-read-once',
      'Settings reach the rooms as values; only the process and the composition know the whole.',
      { path: '^src/[^/]+/' },
      { path: '^(src/config(-readers)?\\.ts$|config/settings\\.ts$)' },
    ),
    error(
      'widget-stands-alone',
      'What runs in the reader’s browser holds no code of the service, and the service none of it.',
      { path: '^src/widget/' },
      { path: '^src/', pathNot: '^src/widget/' },
    ),
    error(
      'nobody-imports-the-widget',
      'The widget is served as a file, never loaded here.',
      { path: '^src/', pathNot: '^src/widget/' },
      { path: '^src/widget/' },
    ),
    error(
      'nothing-imports-tests',
      'The service does without its tests, its bench and its tools.',
      { path: '^(src|config)/' },
      { path: '^(test|bench|scripts)/' },
    ),
    error(
      'dashboard-stands-alone',
      'The dashboard runs in a browser: it knows the contract, and no code of the service.',
      { path: '^src/dashboard/' },
      { path: '^(src|config|test|bench|scripts)/', pathNot: '^src/dashboard/' },
    ),
    error(
      'dashboard-is-served-as-built',
      'The service gives the dashboard out as files; it imports nothing of it.',
      { path: '^src/', pathNot: '^src/dashboard/' },
      { path: '^src/dashboard/' },
    ),
    error(
      'dashboard-libraries',
      'What the dashboard loads is its weight in the browser.',
      { path: '^src/dashboard/' },
      { path: 'node_modules/', pathNot: 'node_modules/(preact|@preact|lean-qr)/' },
    ),
    error(
      'no-development-packages',
      'The service runs with production dependencies only; the dashboard’s are bundled by the build.',
      { path: '^(src|config)/', pathNot: '^src/dashboard/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'], pathNot: 'node_modules/@types/' },
    ),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|\\.cache)/' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'types'],
    },
  },
};
