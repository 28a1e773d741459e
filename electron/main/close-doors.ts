import { HOST_OPTIONS } from '#shared/host/index.ts';

/**
 * All that the packaged program is started with. Chromium and V8 know thousands of switches, and more with each version;
 * many let the caller look into the page where an engineer types a PIN, put a program in the place of one of its
 * processes or send its requests elsewhere. So what is allowed is named, and nothing else starts it.
 */
const ALLOWED_SWITCHES: ReadonlySet<string> = new Set([
  'data',
  ...Object.keys(HOST_OPTIONS),
  // How it looks on the screen of a station: language, size, a broken graphics driver, the display server of Linux.
  'lang',
  'force-device-scale-factor',
  'disable-gpu',
  'ozone-platform',
  // The installer of Windows says so of the first start after an update.
  'updated',
]);

/** Electron's variables act before any code of ours; these two decide nothing but display and the waste basket. */
const ALLOWED_VARIABLES: ReadonlySet<string> = new Set(['ELECTRON_OZONE_PLATFORM_HINT', 'ELECTRON_TRASH']);

/** What Node, its OpenSSL and Electron read of an environment. */
const RUNTIME_VARIABLE = /^(?:NODE|ELECTRON|OPENSSL)_/i;

/**
 * Why the program must not start like this, as the end of one line; null when it may. Chromium takes `--x`,
 * `-x`, on Windows `/x`, all three with blanks around them (`base::CommandLine`); here a switch is `--name` or
 * `--name=VALUE` to the letter, and anything else is refused like an unknown one. A value is not
 * repeated: it may be a secret, or a line of its own.
 *
 * @param args without the program itself
 */
export function findForbiddenStart(args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  for (const arg of args) {
    const name = /^--([a-z-]+)(?:=|$)/.exec(arg)?.[1] ?? '';
    if (!ALLOWED_SWITCHES.has(name)) return `it does not know the argument ${nameOf(arg)}`;
  }
  const variable = Object.keys(env).find(
    (name) => /^ELECTRON_/i.test(name) && !ALLOWED_VARIABLES.has(name.toUpperCase()),
  );
  return variable === undefined ? null : `the variable ${variable} must not be set`;
}

/**
 * Takes from an environment what would act on the processes that inherit it: the core, and the Node that runs scripts.
 * This process itself does not heed it, by its fuses (electron-builder.yml).
 */
export function withoutRuntimeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !RUNTIME_VARIABLE.test(name)));
}

function nameOf(arg: string): string {
  const [name = ''] = arg.split('=', 1);
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
