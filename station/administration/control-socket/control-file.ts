import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const FILE = 'control.json';
const SOCKET = 'control.sock';
/** `sun_path` of a Unix socket has 104 bytes on macOS and 108 on Linux, with the zero at its end. */
const MOST_PATH_BYTES = 103;
const shape = z.object({ path: z.string().min(1) });

/** Where a socket may be made, best first: nobody but the user comes to any of these. */
export function socketPlaces(dataDir: string, id: string): readonly (() => string)[] {
  // A pipe's rights cannot be chosen: its name is what only the user can read.
  if (process.platform === 'win32') return [() => `\\\\.\\pipe\\gongwei-${id}`];
  const inData = join(dataDir, SOCKET);
  const inTemp = (): string => join(mkdtempSync(join(tmpdir(), 'gongwei-')), SOCKET);
  return Buffer.byteLength(inData) <= MOST_PATH_BYTES ? [() => inData, inTemp] : [inTemp];
}

/** Says where the socket is, in a file that only the user can read. */
export function publishSocket(dataDir: string, path: string): void {
  const file = join(dataDir, FILE);
  // A file that is there keeps the rights it has.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ path }), { mode: 0o600 });
}

/** Null where no station ever said. One that was killed leaves a path at which nobody listens. */
export function findSocket(dataDir: string): string | null {
  try {
    return shape.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8'))).path;
  } catch {
    return null;
  }
}

export function withdrawSocket(dataDir: string, path: string): void {
  rmSync(join(dataDir, FILE), { force: true });
  if (process.platform === 'win32') return;
  rmSync(path, { force: true });
  if (dirname(path) !== dataDir) rmSync(dirname(path), { recursive: true, force: true });
}
