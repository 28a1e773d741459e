/**
 * The steps of `npm run …`: the file that runs under the pinned Node, and the system packages that it needs.
 *
 * @typedef {object} Step
 * @property {string} purpose one line for the usage text
 * @property {readonly string[]} command file relative to the repository's root, then fixed arguments
 * @property {readonly (keyof typeof import('./setup/system-packages.mjs').SYSTEM_PACKAGES)[]} [packages]
 * @property {boolean} [whereCalled] relative paths in the arguments mean the caller's folder
 * @property {(args: readonly string[]) => boolean} [needsPages] whether the pages must have been built first
 */

/** A browser for the pages, fonts for Chinese, readers of codes, PDF, XML and XLSX, an independent MQTT client and XMODEM. */
const TEST_PACKAGES = /** @type {const} */ ([
  'chromium-headless-shell',
  'fonts-noto-cjk',
  'zbar-tools',
  'dmtx-utils',
  'poppler-utils',
  'mosquitto-clients',
  'lrzsz',
  'libxml2-utils',
  'python3-openpyxl',
]);

/** @type {Readonly<Record<string, Step>>} */
export const STEPS = {
  gongwei: {
    purpose: 'the command line',
    command: ['cli/main.ts'],
    whereCalled: true,
    needsPages: ([command = '']) => ['kiosk', 'start'].includes(command),
  },
  demo: { purpose: 'one sample batch, end to end', command: ['cli/main.ts', 'demo'], whereCalled: true },
  start: { purpose: 'open the station', command: ['scripts/steps/start.ts'] },
  test: { purpose: 'all checks and tests', command: ['scripts/steps/test.ts'], packages: TEST_PACKAGES },
  check: { purpose: 'types, lint, layers, format, unused code', command: ['scripts/steps/check.ts'] },
  build: { purpose: 'pages, Electron bundles, command line', command: ['scripts/steps/build.ts'] },
  bench: { purpose: 'benchmarks and comparable software', command: ['bench/main.ts'] },
  torture: { purpose: 'crash and fault tests at full length', command: ['bench/torture.ts'] },
  fuzz: { purpose: 'fuzzing at full length', command: ['bench/fuzz.ts'] },
  dist: { purpose: 'packages with electron-builder', command: ['scripts/steps/dist.ts'] },
  screens: {
    purpose: 'pictures of the pages for docs/screens',
    command: ['scripts/steps/screens.ts'],
    packages: ['chromium-headless-shell', 'fonts-noto-cjk'],
  },
  docs: {
    purpose: 'generated documents: the reference of recipes',
    command: ['scripts/steps/docs.ts'],
  },
  format: { purpose: 'formats everything with Oxfmt', command: ['scripts/steps/format.ts'] },
};
