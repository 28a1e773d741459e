import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const FILE = 'open.html';
const SEEN_TO_FAIL_WITHIN_MS = 1500;

export interface OpenedBrowser extends Disposable {
  /** False when there is no desktop to do it. */
  readonly opened: boolean;
}

/**
 * Opens a link with the desktop's own way. The link carries a token, and the arguments of a program can be read by every
 * user of the computer: what the program is given is a file that only this user can read, which leads to the link.
 *
 * @param dir where the file lies, until this is disposed of: the data directory.
 */
export async function openBrowser(
  url: string,
  dir: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<OpenedBrowser> {
  const nothing: OpenedBrowser = { opened: false, [Symbol.dispose]: () => undefined };
  const noDesktop =
    process.platform === 'linux' && (env['DISPLAY'] ?? '') === '' && (env['WAYLAND_DISPLAY'] ?? '') === '';
  if (noDesktop) return nothing;
  const file = join(dir, FILE);
  const remove = (): void => rmSync(file, { force: true });
  // A file that is there keeps the rights it has.
  remove();
  writeFileSync(file, redirectTo(url), { mode: 0o600 });
  if (await started(openerOf(pathToFileURL(file).href), env))
    return { opened: true, [Symbol.dispose]: remove };
  remove();
  return nothing;
}

function openerOf(target: string): readonly [string, ...string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', target];
    case 'win32':
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
      const works = setTimeout(() => resolve(true), SEEN_TO_FAIL_WITHIN_MS);
      // One that finds no browser says so by its status, at once; one that becomes the browser stays. Windows' says nothing.
      child.once('exit', (status) => {
        clearTimeout(works);
        resolve(status === 0 || process.platform === 'win32');
      });
    });
  });
}

/** A link is made of letters, digits and `:/?=-_.` alone: nothing of it means anything to HTML. */
function redirectTo(url: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0;url=${url}">
<title>工位 Gongwei</title>
<p><a href="${url}">工位 Gongwei</a></p>
`;
}
