import { HOST_OPTIONS } from '#shared/host/index.ts';
import { unitOfLink } from '#shared/domain/unit-link.ts';

/**
 * The switches that the packaged program accepts. Chromium and V8 have thousands of others, and more with each version. Many of
 * them let the caller read the page where an engineer types a PIN, replace one of the processes or redirect requests.
 */
const ALLOWED_SWITCHES: ReadonlySet<string> = new Set([
  'data',
  'kiosk',
  ...Object.keys(HOST_OPTIONS),
  // For the screen of a station: language, size, a broken graphics driver, the display server of Linux.
  'lang',
  'force-device-scale-factor',
  'disable-gpu',
  'ozone-platform',
  // Set by the installer of Windows for the first start after an update.
  'updated',
]);

/** Variables of Electron take effect before our code. These two concern only the display and the trash. */
const ALLOWED_VARIABLES: ReadonlySet<string> = new Set(['ELECTRON_OZONE_PLATFORM_HINT', 'ELECTRON_TRASH']);

/** Variables that Node, its OpenSSL and Electron read. */
const RUNTIME_VARIABLE = /^(?:NODE|ELECTRON|OPENSSL)_/i;

/**
 * The reason why the program must not start with these arguments and variables, as the end of a line; null when it may. Chromium
 * accepts `--x`, `-x` and on Windows `/x`, also with blanks around them (`base::CommandLine`); here a switch is exactly `--name`
 * or `--name=VALUE`, or a link to a unit. The reason does not contain a value, which may be a secret.
 *
 * @param args without the program itself
 */
export function findForbiddenStart(args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  for (const arg of args) {
    // The operating system passes a link that a person has opened.
    if (unitOfLink(arg) !== null) continue;
    const name = /^--([a-z-]+)(?:=|$)/.exec(arg)?.[1] ?? '';
    if (!ALLOWED_SWITCHES.has(name)) return `it does not know the argument ${nameOf(arg)}`;
  }
  const variable = Object.keys(env).find(
    (name) => /^ELECTRON_/i.test(name) && !ALLOWED_VARIABLES.has(name.toUpperCase()),
  );
  return variable === undefined ? null : `the variable ${variable} must not be set`;
}

/**
 * Removes the variables that would act on the processes that inherit the environment: the core, and the Node that runs
 * scripts. This process itself ignores them, by its fuses (electron-builder.yml).
 */
export function withoutRuntimeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !RUNTIME_VARIABLE.test(name)));
}

function nameOf(arg: string): string {
  const [name = ''] = arg.split('=', 1);
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}
