import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Fault } from '#shared/domain/fault.ts';

/**
 * Reads an owner-only file, or creates it with the content of `create`. It is written under another name and linked, so that
 * two processes that start together read the same content. Faults: `file-denied`.
 */
export function readOrCreatePrivateFile(path: string, create: () => string): string {
  const existing = readPrivateFile(path);
  if (existing !== null) return existing;
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = openSync(draft, 'wx', 0o600);
    try {
      writeSync(handle, create());
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw denied(path, error);
  } finally {
    rmSync(draft, { force: true });
  }
  const made = readPrivateFile(path);
  if (made === null) throw denied(path, null);
  return made;
}

/** Null without the file. Faults: `file-denied`. */
export function readPrivateFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw denied(path, error);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function denied(path: string, cause: unknown): Fault {
  return new Fault('file-denied', `${path} can be neither read nor created`, {
    hint: 'Give the user that runs the registry write permission on the data directory.',
    cause,
  });
}
