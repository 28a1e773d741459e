import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostSystem } from '#node-kit/host-system/index.ts';

const FILE = 'open.html';
/** An opener that has not failed after this time has opened the link. */
const FAILURE_WAIT_MS = 1500;

export interface OpenedBrowser extends Disposable {
  /** False without a desktop, and when the opener of the desktop failed. */
  readonly opened: boolean;
}

/**
 * Opens a link in the default browser of the desktop. The link contains a token, and every user of the computer can read the
 * arguments of a program: the browser gets a file that only this user can read and that redirects to the link.
 *
 * @param dir directory of the file, the data directory; disposing removes the file
 */
export async function openBrowser(
  url: string,
  dir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenedBrowser> {
  const nothing: OpenedBrowser = { opened: false, [Symbol.dispose]: () => undefined };
  const noDesktop =
    hostSystem().kind === 'linux' && (env['DISPLAY'] ?? '') === '' && (env['WAYLAND_DISPLAY'] ?? '') === '';
  if (noDesktop) return nothing;
  const file = join(dir, FILE);
  const remove = (): void => rmSync(file, { force: true });
  // An existing file would keep its permissions.
  remove();
  writeFileSync(file, redirectTo(url), { mode: 0o600 });
  if (await started(openerOf(pathToFileURL(file).href), env))
    return { opened: true, [Symbol.dispose]: remove };
  remove();
  return nothing;
}

function openerOf(target: string): readonly [string, ...string[]] {
  switch (hostSystem().kind) {
    case 'macos':
      return ['open', target];
    case 'windows':
      return ['explorer', target];
    default:
      return ['xdg-open', target];
  }
}

function started(
  [command, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true, env });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      const timer = setTimeout(() => resolve(true), FAILURE_WAIT_MS);
      // The opener exits at once with an error status without a browser, or it stays. On Windows the status has no meaning.
      child.once('exit', (status) => {
        clearTimeout(timer);
        resolve(status === 0 || hostSystem().kind === 'windows');
      });
    });
  });
}

/** A link consists of letters, digits and `:/?=-_.`, so that it needs no HTML escaping. */
function redirectTo(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${url}">
<title>工位 Gongwei</title>
<p><a href="${url}">工位 Gongwei</a></p>
`;
}
