import { readFileIfThere, readOrCreatePrivateFile } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Reads an owner-only text file, or creates it with the text of `create`. Faults: `file-denied`. */
export function readOrCreatePrivateText(path: string, create: () => string): string {
  return orDenied(path, () => readOrCreatePrivateFile(path, create).toString('utf8'));
}

/** The text of a file; null without it. Faults: `file-denied`. */
export function readPrivateText(path: string): string | null {
  return orDenied(path, () => readFileIfThere(path)?.toString('utf8') ?? null);
}

function orDenied<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Fault('file-denied', `${path} can be neither read nor created`, {
      hint: 'Give the user that runs the registry write permission on the data directory.',
      cause,
    });
  }
}
