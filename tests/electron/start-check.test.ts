import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findForbiddenStart, withoutRuntimeVariables } from '../../electron/main/start-check.ts';

/** As `base::CommandLine` of Chromium finds switches, on the systems together: the names it would heed. */
function chromiumSwitches(args: readonly string[]): string[] {
  const names: string[] = [];
  for (const raw of args) {
    const arg = raw.trim();
    if (arg === '--') break;
    const prefix = ['--', '-', '/'].find((one) => arg.startsWith(one) && arg.length > one.length);
    if (prefix !== undefined) names.push((arg.slice(prefix.length).split('=', 1)[0] ?? '').toLowerCase());
  }
  return names;
}

const OURS = ['data', 'kiosk', 'slot', 'ble', 'board', 'lang', 'force-device-scale-factor', 'disable-gpu', 'ozone-platform', 'updated']; // prettier-ignore
const KNOWN = [
  'remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address', 'remote-allow-origins', 'inspect', 'inspect-brk',
  'renderer-cmd-prefix', 'utility-cmd-prefix', 'gpu-launcher', 'zygote-cmd-prefix', 'ppapi-plugin-launcher', 'browser-subprocess-path',
  'host-resolver-rules', 'host-rules', 'proxy-server', 'proxy-pac-url', 'proxy-bypass-list', 'user-data-dir', 'disk-cache-dir',
  'js-flags', 'load-extension', 'disable-web-security', 'no-sandbox', 'disable-sandbox', 'in-process-gpu', 'single-process',
  'ignore-certificate-errors', 'allow-file-access-from-files', 'disable-site-isolation-trials', 'enable-logging', 'log-file',
  'log-net-log', 'ssl-key-log-file', 'auth-server-allowlist', 'enable-features', 'disable-features', 'use-fake-ui-for-media-stream',
  'unsafely-treat-insecure-origin-as-secure', 'app-path', 'app', 'enable-automation', 'remote-debugging-socket-name', 'type',
] as const; // prettier-ignore

const name = fc.oneof(
  fc.constantFrom(...KNOWN, ...OURS),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  fc.constantFrom(...OURS).map((one) => one.toUpperCase()),
  fc.constantFrom(...OURS).map((one) => `${one}-`),
);
const argument = fc
  .tuple(
    fc.constantFrom('', ' ', '\t', '\n'),
    fc.constantFrom('--', '-', '/', '---', '–', ''),
    name,
    fc.constantFrom('', '=', '=1', '= --inspect', '=a=b'),
    fc.constantFrom('', ' ', '\n'),
  )
  .map((parts) => parts.join(''));

describe('the arguments of the packaged program', () => {
  test('are its own, or it does not start: no name that Chromium would heed passes, in any form', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(argument, fc.constant('--'), fc.string()), { maxLength: 4 }), (args) => {
        if (findForbiddenStart(args, {}) !== null) return;
        expect(chromiumSwitches(args).filter((one) => !OURS.includes(one))).toEqual([]);
        // And nothing hides behind what Chromium does not look at.
        expect(args.filter((arg) => !/^--[a-z-]+(=|$)/.test(arg))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(KNOWN)('%s ends the start, however it is written', (door) => {
    for (const prefix of ['--', '-', '/', ' --', '---'])
      for (const value of ['', '=', '=x', '=--data=/x'])
        for (const place of [0, 1]) {
          const args = ['--data=/d'].toSpliced(place, 0, `${prefix}${door}${value}`);
          expect(findForbiddenStart(args, {})).toContain(JSON.stringify(`${prefix}${door}`));
        }
  });

  test('may be what a station needs', () => {
    const values = fc.array(fc.tuple(fc.constantFrom(...OURS), fc.string()), { maxLength: 6 });
    fc.assert(
      fc.property(values, (all) => {
        expect(
          findForbiddenStart(
            all.map(([one, value]) => `--${one}=${value}`),
            {},
          ),
        ).toBeNull();
      }),
    );
    expect(findForbiddenStart(['--disable-gpu', '--updated'], {})).toBeNull();
  });

  test('are named without their value, shortened, in one line', () => {
    expect(findForbiddenStart(['--token=s3cret'], {})).toBe('it does not know the argument "--token"');
    expect(findForbiddenStart(['a\nb'], {})).toBe('it does not know the argument "a\\nb"');
    expect(findForbiddenStart(['x'.repeat(5000)], {})?.length).toBeLessThan(110);
  });
});

describe('the environment of the packaged program', () => {
  test('has nothing of Electron’s but two names that decide nothing', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z_]{1,12}$/), fc.boolean(), (rest, lower) => {
        const variable = lower ? `electron_${rest.toLowerCase()}` : `ELECTRON_${rest}`;
        const free = ['ELECTRON_TRASH', 'ELECTRON_OZONE_PLATFORM_HINT'].includes(variable.toUpperCase());
        expect(findForbiddenStart([], { PATH: '/bin', [variable]: '1' }) === null).toBe(free);
      }),
    );
    expect(findForbiddenStart([], { ELECTRON_RUN_AS_NODE: '1' })).toContain('ELECTRON_RUN_AS_NODE');
    expect(findForbiddenStart([], { PATH: '/bin', GONGWEI_SLOTS: 'x', ELECTRON_TRASH: 'gio' })).toBeNull();
  });

  test('hands nothing on by which a runtime is told what to load', () => {
    fc.assert(
      fc.property(fc.constantFrom('NODE_', 'ELECTRON_', 'OPENSSL_', 'Node_'), fc.string(), (family, rest) => {
        const env = withoutRuntimeVariables({ PATH: '/bin', GONGWEI_DATA: '/d', [`${family}${rest}`]: 'x' });
        expect(env).toEqual({ PATH: '/bin', GONGWEI_DATA: '/d' });
      }),
    );
  });
});
