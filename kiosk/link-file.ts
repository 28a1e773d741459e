import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { linkToken } from './sessions.ts';

const FILE = 'kiosk.json';
const shape = z.object({
  pid: z.int().min(1),
  port: z.int().min(1).max(65_535),
  secret: z.base64url().min(43),
});

/** The address of a link. */
export function linkTo(port: number, token: string): string {
  return `http://127.0.0.1:${port}/?token=${token}`;
}

/**
 * Writes the secret of the running kiosk's links into the data directory, readable by its owner only. Disposing removes the file;
 * a kiosk that was killed leaves a file that is not valid any more.
 */
export function publishLinks(dataDir: string, port: number, linkSecret: Uint8Array): Disposable {
  const file = join(dataDir, FILE);
  const secret = Buffer.from(linkSecret).toString('base64url');
  // An existing file would keep its own permissions.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ pid: process.pid, port, secret }), { mode: 0o600 });
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/**
 * Makes a new link to the kiosk that runs on a data directory, valid for one browser. The kiosk need not be asked, because it
 * shares the secret. Faults: `not-found` when none runs there, `file-denied`.
 */
export function makeLink(dataDir: string): string {
  const file = join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT')) throw noKiosk(dataDir);
    throw new Fault('file-denied', `${file} cannot be read`, {
      hint: 'Only the user that runs the station makes links to it.',
      cause,
    });
  }
  const found = shape.safeParse(parsed(text));
  if (!found.success || !isRunning(found.data.pid)) throw noKiosk(dataDir);
  return linkTo(found.data.port, linkToken(Buffer.from(found.data.secret, 'base64url')));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether the process runs and belongs to this user. A process of another user has the number of a kiosk that has ended. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function noKiosk(dataDir: string): Fault {
  return new Fault('not-found', `no kiosk runs on ${dataDir}`, {
    hint: 'Start one with "kiosk", or name its directory with --data.',
  });
}
