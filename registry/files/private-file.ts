import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Fault } from '#shared/domain/fault.ts';

/**
 * The content of an owner-only file, made by `create` when it is not there. Written whole under another name and
 * then linked into place, so that of two processes starting together both end with the content of one.
 * Faults: `file-denied` when it can be neither read nor made.
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

/** The file's content, or null when there is none. Faults: `file-denied`. */
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
