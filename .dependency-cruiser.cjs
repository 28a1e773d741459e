/**
 * The layer table of ARCHITECTURE.md, executable: which folder may import what, type-only imports included.
 * Each rule's name says what may not be; its comment says why. `tests/scripts/layers.test.ts` proves that each bites.
 */

/** A package, resolved or (not installed here) only named. */
const npm = (...names) => names.flatMap((name) => [`(^|/)node_modules/${name}/`, `^${name}$`]);
const folders = (...names) => `^(${names.join('|')})/`;

/** A module of the station may import the insides of itself, and of other modules only their `index.ts`. */
function byItsFace(name, module) {
  return {
    name,
    comment: 'Another module of the station is used through its index.ts; its insides may change.',
    severity: 'error',
    from: { path: `^station/${module}/` },
    to: {
      path: '^station/[^/]+/.+',
      pathNot: ['^station/$1/', '^station/core/platform/', '/index\\.ts$'],
    },
  };
}

/** The folders of the station, from the lowest: a folder imports those of lower tiers only. */
const STATION_TIERS = [
  ['core'],
  ['devices', 'results', 'registry-sync'],
  ['firmware', 'identity'],
  ['execution'],
  ['administration', 'returns'],
];

/** One rule for each folder but the highest ones: it imports neither a folder of its tier nor one above. */
function importsRunDown() {
  return STATION_TIERS.flatMap((tier, at) =>
    tier.map((folder) => {
      const others = STATION_TIERS.slice(at)
        .flat()
        .filter((other) => other !== folder);
      return {
        name: 'station-imports-run-down',
        comment: `A type that station/${folder} shares with these folders belongs into a lower one.`,
        severity: 'error',
        from: { path: `^station/${folder}/` },
        to: { path: `^station/(${others.join('|')})/` },
      };
    }),
  );
}

/** What the component set of the back office is made of. */
const HEADLESS = ['reka-ui', '@internationalized/date', '@tanstack/vue-virtual'];
const EDITOR = ['@(?:codemirror|lezer)/[^/]+'];

/** A package, and the one place that may know it. */
function nativeOnlyIn(packages, place, comment) {
  return {
    name: `${packages[0].replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '')}-only-in-its-place`,
    comment,
    severity: 'error',
    from: { pathNot: place },
    to: { path: npm(...packages) },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no reading order and no bottom; type-only ones hide a wrong cut.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { pathNot: '^(scripts|tests)/.*fixtures/' },
      to: { couldNotResolve: true, pathNot: ['^electron$', '\\?(raw|url|worker)$'] },
    },
    {
      name: 'shared-is-pure',
      comment:
        'shared runs in a page, a worker and a terminal alike: zod and two audited pure libraries, nothing else.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', ...npm('zod', '@noble/ciphers')] },
    },
    {
      name: 'node-kit-knows-only-shared',
      comment: 'What all code under Node may need is below all of it: shared, Node itself, and SQLite.',
      severity: 'error',
      from: { path: '^node-kit/' },
      to: {
        pathNot: ['^node-kit/', '^shared/', ...npm('better-sqlite3', '@types/better-sqlite3')],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'node-kit-by-its-faces',
      comment: 'A folder of node-kit is used through its index.ts; its insides may change.',
      severity: 'error',
      from: { pathNot: folders('node-kit', 'tests') },
      to: { path: '^node-kit/', pathNot: '^node-kit/[^/]+/index\\.ts$' },
    },
    {
      name: 'station-knows-no-host',
      comment:
        'One core, several hosts: it can never import one of them, nor its simulated peers, nor the registry.',
      severity: 'error',
      from: { path: '^station/' },
      to: {
        path: folders(
          'electron',
          'kiosk',
          'cli',
          'renderer',
          'registry',
          'simulator',
          'tests',
          'bench',
          'scripts',
        ),
      },
    },
    {
      name: 'platform-is-interfaces',
      comment: 'What the core needs from hardware and host, never an implementation of it.',
      severity: 'error',
      from: { path: '^station/core/platform/' },
      to: { pathNot: ['^station/core/platform/', '^shared/'] },
    },
    {
      name: 'drivers-know-only-platform',
      comment:
        'A driver implements an interface of the platform; what the station does with it is not its business.',
      severity: 'error',
      from: { path: '^station/devices/drivers/' },
      to: { path: '^station/', pathNot: ['^station/(devices/drivers|core/platform)/'] },
    },
    ...importsRunDown(),
    byItsFace('station-modules-by-their-face', '(identity|firmware|returns|registry-sync)'),
    byItsFace('station-parts-by-their-face', '((core|devices|execution|results|administration)/[^/]+)'),
    {
      name: 'station-composes-by-faces',
      comment: 'Also what composes the station uses each module through its index.ts.',
      severity: 'error',
      from: { path: '^station/([^/]+|execution/execution|administration/handlers)\\.ts$' },
      to: {
        path: '^station/((core|devices|execution|results|administration)/[^/]+|identity|firmware|returns|registry-sync)/',
        pathNot: ['^station/core/platform/', '/index\\.ts$'],
      },
    },
    {
      name: 'hosts-use-the-stations-face',
      comment:
        'A host composes; it gets station, registry and simulator through their index.ts, platform and drivers included.',
      severity: 'error',
      from: { path: '^(electron|kiosk|cli)/' },
      to: {
        path: '^(station|registry|simulator)/',
        pathNot: [
          '^(station|registry|simulator)/index\\.ts$',
          '^station/core/platform/index\\.ts$',
          '^station/devices/drivers/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'electron-is-apart-from-other-hosts',
      comment:
        "Hosts do not know each other's insides; the window has no use for a terminal, a registry or a simulator.",
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: folders('kiosk', 'cli', 'registry', 'simulator', 'renderer', 'tests', 'bench', 'scripts') },
    },
    {
      name: 'kiosk-is-apart-from-other-hosts',
      comment: 'The kiosk serves a station it is given, and files; nothing else.',
      severity: 'error',
      from: { path: '^kiosk/' },
      to: {
        path: folders('electron', 'cli', 'registry', 'simulator', 'renderer', 'tests', 'bench', 'scripts'),
      },
    },
    {
      name: 'cli-uses-faces-of-hosts',
      comment: 'The terminal starts a kiosk through its face, and never a window.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: folders('electron', 'kiosk', 'renderer', 'tests', 'bench'), pathNot: '^kiosk/index\\.ts$' },
    },
    {
      name: 'preload-is-thin',
      comment:
        'What runs beside the page has electron and shared types, nothing of the station and nothing of Node.',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: {
        pathNot: ['^electron/preload/', '^electron/ipc/channels\\.ts$', '^shared/', ...npm('electron')],
      },
    },
    {
      name: 'electron-main-has-no-core',
      comment:
        'The core runs in a process of its own, so that a crash of a driver takes the window not along.',
      severity: 'error',
      from: { path: '^electron/(main|preload)/' },
      to: {
        path: ['^station/', '^node-kit/sqlite/', '^electron/core/', ...npm('better-sqlite3', 'serialport')],
      },
    },
    {
      name: 'renderer-knows-the-contract-only',
      comment: 'A page imports shared, Vue, Pinia and libraries for pages; not even a type of the station.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '/vite\\.config\\.ts$' },
      to: {
        pathNot: [
          '^renderer/',
          '^shared/',
          ...npm('vue', 'vue-router', 'pinia', '@vue(?:use)?/[^/]+', '@lucide/vue', ...HEADLESS, ...EDITOR),
          'node_modules/vite/client',
          '\\?(raw|url)$',
        ],
      },
    },
    {
      name: 'features-by-their-faces',
      comment:
        'A feature of the pages is used through its index.ts, and by the router through its routes.ts; a feature never knows the application that composes it.',
      severity: 'error',
      from: { path: '^renderer/src/(?:features/([^/]+)|app)/' },
      to: {
        path: '^renderer/src/features/.+',
        pathNot: ['^renderer/src/features/$1/', '/index\\.ts$', '/routes\\.ts$', '/words\\.(en|zh-cn)\\.ts$'],
      },
    },
    {
      name: 'features-know-no-application',
      comment: 'The application composes features; what they need of it is in services, stores and parts.',
      severity: 'error',
      from: { path: '^renderer/src/(features|ui|parts|services|stores)/' },
      to: { path: '^renderer/src/(app/|main\\.ts$)' },
    },
    {
      name: 'services-and-stores-know-no-page',
      comment: 'Services and stores are below all pages; a service does not know the stores that use it.',
      severity: 'error',
      from: { path: '^renderer/src/(services|stores)/' },
      to: { path: '^renderer/src/(features|ui)/' },
    },
    {
      name: 'services-know-no-store',
      comment: 'A store holds what a service brings; what a service needs of a store is provided to it.',
      severity: 'error',
      from: { path: '^renderer/src/services/' },
      to: { path: '^renderer/src/stores/' },
    },
    {
      name: 'components-know-words-only',
      comment:
        'ui and parts show what they are given. Of the services they use the translator, the view of a fault, the question before a dialog closes, and the title of the page.',
      severity: 'error',
      from: { path: '^renderer/src/(ui|parts)/' },
      to: {
        path: '^renderer/src/(features|services|stores)/',
        pathNot: [
          '^renderer/src/services/(i18n|toasts)/',
          '^renderer/src/services/client/as-fault\\.ts$',
          '^renderer/src/services/navigation/(before-close|help-chapter|page-title)\\.ts$',
        ],
      },
    },
    {
      name: 'parts-know-no-component-set',
      comment:
        "The operator's page uses parts and never the component set of the back office, so that its first load is small.",
      severity: 'error',
      from: { path: '^renderer/src/(parts|features/operator)/' },
      to: { path: '^renderer/src/ui/' },
    },
    {
      name: 'headless-library-only-in-ui',
      comment: 'Pages use the component set (docs/adr/0042); what it is made of can be exchanged.',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/src/ui/' },
      to: { path: npm(...HEADLESS) },
    },
    nativeOnlyIn(
      ['@lucide/vue'],
      '^renderer/src/parts/icons\\.ts$',
      'One list names the icons by their meaning; only what it names reaches the bundle.',
    ),
    nativeOnlyIn(EDITOR, '^(renderer/src/features/recipes/editor|tests)/', 'The editor of recipes: ADR 59.'),
    nativeOnlyIn(['yaml'], '^(station/(core/yaml|execution/recipe.+)|scripts|tests)/', 'It is bounded.'),
    {
      name: 'registry-knows-only-shared',
      comment:
        'The registry is a program of its own; what it shares with a station is the contract between them.',
      severity: 'error',
      from: { path: '^registry/' },
      to: {
        path: folders(
          'station',
          'electron',
          'kiosk',
          'cli',
          'renderer',
          'simulator',
          'tests',
          'bench',
          'scripts',
        ),
      },
    },
    {
      name: 'simulator-knows-only-shared',
      comment: 'A peer that used the code it is there to check would share its mistakes.',
      severity: 'error',
      from: { path: '^simulator/' },
      to: {
        path: folders(
          'station',
          'registry',
          'electron',
          'kiosk',
          'cli',
          'renderer',
          'tests',
          'bench',
          'scripts',
        ),
      },
    },
    {
      name: 'simulator-is-not-in-the-product',
      comment: 'Only the terminal (sample line, demo), tests and benchmarks start simulated units.',
      severity: 'error',
      from: { pathNot: folders('simulator', 'cli', 'tests', 'bench') },
      to: { path: '^simulator/' },
    },
    {
      name: 'nothing-imports-tests',
      comment: 'Tests look at the product, never the other way round.',
      severity: 'error',
      from: { pathNot: folders('tests', 'bench') },
      to: { path: folders('tests', 'bench') },
    },
    nativeOnlyIn(
      ['serialport', '@serialport/[^/]+'],
      '^(station/devices/drivers/serial|tests)/',
      'Serial ports are opened in one place; all others see a DevicePort.',
    ),
    nativeOnlyIn(
      ['@stoprocent/[^/]+', '@abandonware/[^/]+'],
      '^(station/devices/drivers/ble|simulator/radio|tests|bench/ble)/',
      'Bluetooth is a BleCentral everywhere but in its driver.',
    ),
    nativeOnlyIn(
      ['better-sqlite3'],
      '^(node-kit/sqlite|station/core/database|registry/store|tests|bench)/',
      'One writer, one place for SQL.',
    ),
    nativeOnlyIn(
      ['koffi'],
      '^(simulator/pty|tests)/',
      'Calls into libc are for making ptys, for simulated units.',
    ),
    nativeOnlyIn(['electron'], '^(electron|tests/electron)/', 'It is there in Electron only.'),
    nativeOnlyIn(
      ['fastify', '@fastify/[^/]+'],
      '^(kiosk|registry|tests|bench)/',
      'Two programs answer HTTP: the kiosk and the registry.',
    ),
    nativeOnlyIn(['aedes'], '^(registry|tests|bench)/', 'The broker is part of the registry.'),
    {
      name: 'product-has-no-dev-dependencies',
      comment: 'What ships can only import what is installed where it ships.',
      severity: 'error',
      from: { path: folders('shared', 'node-kit', 'station', 'registry', 'simulator', 'kiosk', 'cli') },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: ['node_modules/@types/'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|\\.cache|coverage)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
