import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from './run-captured.mjs';

/** Debian packages that a step may need, each with a check that does not need apt. */
export const SYSTEM_PACKAGES = {
  // Chromium without windows: the same pages with about 40 % less processor time.
  'chromium-headless-shell': {
    present: () => ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].some(onPath),
    forWhat: 'the pages in a browser',
  },
  'fonts-noto-cjk': { present: hasChineseFont, forWhat: 'Chinese text in pictures and PDF' },
  'zbar-tools': { present: () => onPath('zbarimg'), forWhat: 'reading QR codes back' },
  'dmtx-utils': { present: () => onPath('dmtxread'), forWhat: 'reading DataMatrix codes back' },
  'poppler-utils': { present: () => onPath('pdftotext'), forWhat: 'reading PDF back' },
  'libxml2-utils': { present: () => onPath('xmllint'), forWhat: 'checking XML against a schema' },
  'python3-openpyxl': {
    present: () => existsSync('/usr/lib/python3/dist-packages/openpyxl'),
    forWhat: 'reading XLSX back',
  },
  lrzsz: { present: () => onPath('rx') && onPath('sx'), forWhat: 'a foreign XMODEM' },
  'mosquitto-clients': { present: () => onPath('mosquitto_pub'), forWhat: 'a foreign MQTT client' },
};

/** What a distribution may have in place of a package. */
const ALTERNATIVES = new Map([['chromium-headless-shell', 'chromium']]);

/**
 * Installs missing packages with apt, as root or through `sudo -n`. When that is not possible, it prints one line and
 * continues; the step itself reports what it could not do.
 *
 * @param {readonly string[]} names
 */
export async function installSystemPackages(names) {
  const missing = Object.entries(SYSTEM_PACKAGES).filter(
    ([name, it]) => names.includes(name) && !it.present(),
  );
  if (missing.length === 0) return;
  const list = missing.map(([name]) => name);
  const description = `${missing.map(([name, { forWhat }]) => `${name} (${forWhat})`).join(', ')}`;
  if (process.platform !== 'linux' || !onPath('apt-get')) {
    log(`please install yourself, the tests use them: ${description}.`);
    return;
  }
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (asRoot.length > 0 && (await runCaptured('sudo', ['-n', 'true'])).status !== 0) {
    log(`not root and no sudo without a password; please run: sudo apt-get install -y ${list.join(' ')}`);
    return;
  }
  log(`installing ${list.join(', ')} with apt …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (/** @type {string[]} */ args) => {
    const [file = '', ...rest] = [...asRoot, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', '-qq', ...args];
    return runCaptured(file, rest, { env });
  };
  const install = (/** @type {string[]} */ packages) =>
    apt(['install', '-y', '--no-install-recommends', ...packages]);
  let result = await install(list);
  if (result.status !== 0) {
    // The package lists of a new machine are empty or old. They are refreshed only after a failure, to save time.
    await apt(['update']);
    result = await install(list);
  }
  if (result.status !== 0 && list.some((name) => ALTERNATIVES.has(name)))
    result = await install(list.map((name) => ALTERNATIVES.get(name) ?? name));
  if (result.status !== 0) {
    const reason = result.output.split('\n').find((line) => line.startsWith('E:')) ?? 'apt-get failed';
    log(`could not install ${list.join(', ')}: ${reason}. The tests that need them report it.`);
  }
}

/** @param {string} text */
function log(text) {
  process.stderr.write(`gongwei: ${text}\n`);
}

/** @param {string} command */
function onPath(command) {
  return (process.env['PATH'] ?? '').split(process.platform === 'win32' ? ';' : ':').some((dir) => {
    try {
      accessSync(join(dir, command), constants.X_OK);
      return dir !== '';
    } catch {
      return false;
    }
  });
}

function hasChineseFont() {
  if (process.platform !== 'linux') return true;
  return [
    '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc',
  ].some((path) => existsSync(path));
}
