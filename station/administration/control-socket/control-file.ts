import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { hostSystem } from '#node-kit/host-system/index.ts';

const FILE = 'control.json';
const SOCKET = 'control.sock';
/** `sun_path` of a Unix socket has 104 bytes on macOS and 108 on Linux, with the zero at its end. */
const MAX_PATH_BYTES = 103;
const shape = z.object({ path: z.string().min(1) });

/** Paths for the socket, best first. Only the user can reach them. */
export function socketPaths(dataDir: string, id: string): readonly (() => string)[] {
  // The permissions of a pipe cannot be chosen: its name is secret instead.
  if (hostSystem().localServer === 'named-pipe') return [() => `\\\\.\\pipe\\gongwei-${id}`];
  const inData = join(dataDir, SOCKET);
  const inTemp = (): string => join(mkdtempSync(join(tmpdir(), 'gongwei-')), SOCKET);
  return Buffer.byteLength(inData) <= MAX_PATH_BYTES ? [() => inData, inTemp] : [inTemp];
}

/** Writes the path of the socket into a file that only the user can read. */
export function publishSocket(dataDir: string, path: string): void {
  const file = join(dataDir, FILE);
  // An existing file would keep its own permissions.
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ path }), { mode: 0o600 });
}

/** The path of the socket; null when none was published. After a station was killed no process listens there. */
export function findSocket(dataDir: string): string | null {
  try {
    return shape.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8'))).path;
  } catch {
    return null;
  }
}

export function withdrawSocket(dataDir: string, path: string): void {
  rmSync(join(dataDir, FILE), { force: true });
  if (hostSystem().localServer === 'named-pipe') return;
  rmSync(path, { force: true });
  if (dirname(path) !== dataDir) rmSync(dirname(path), { recursive: true, force: true });
}
