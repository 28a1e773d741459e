import { Fault, type FaultCode } from '#shared/domain/fault.ts';

/** Faults of a disk or a file system. The remedy of each is different. */
export type FileFaultCode = Extract<
  FaultCode,
  'disk-full' | 'disk-read-only' | 'disk-failing' | 'file-denied' | 'file-missing' | 'data-busy'
>;

/** Fault codes by the names of `errno(3)`, which Node has in `error.code` on every system. */
const CODES: Readonly<Record<string, FileFaultCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EROFS: 'disk-read-only',
  EIO: 'disk-failing',
  ENXIO: 'disk-failing',
  ENODEV: 'disk-failing',
  ENOMEDIUM: 'disk-failing',
  EREMOTEIO: 'disk-failing',
  ESTALE: 'disk-failing',
  EBADMSG: 'disk-failing',
  EUCLEAN: 'disk-failing',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
  ELOOP: 'file-denied',
  ENAMETOOLONG: 'file-denied',
  EISDIR: 'file-denied',
  EEXIST: 'file-denied',
  EMFILE: 'file-denied',
  ENFILE: 'file-denied',
  ENOENT: 'file-missing',
  ENOTDIR: 'file-missing',
  EBUSY: 'data-busy',
  ETXTBSY: 'data-busy',
};

/** Remedies for a disk that cannot be written. */
export const DISK_HINTS: Readonly<Record<'disk-full' | 'disk-read-only' | 'disk-failing', string>> = {
  'disk-full': 'Free space on this disk; nothing that was recorded is lost.',
  'disk-read-only':
    'Find out why its file system is mounted read-only (often the system found an error on it), mount it for writing, and start again. Restore nothing: what was recorded is whole.',
  'disk-failing':
    'Copy the data directory to another disk while it can be read, and have this disk or its connection looked at. Restore nothing before that: what was recorded may be whole.',
};

/** True when the error has one of these codes: `hasErrno(error, 'ENOENT', 'ENOTDIR')`. */
export function hasErrno(error: unknown, ...codes: readonly string[]): boolean {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && codes.includes(code);
}

/** The fault code of an error of the file system; null for any other error. */
export function fileFaultCodeOf(error: unknown): FileFaultCode | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && Object.hasOwn(CODES, code) ? (CODES[code] ?? null) : null;
}

/** True for a fault code of the disk itself, for which there is advice in `DISK_HINTS`. */
export function isDiskFaultCode(code: FileFaultCode | null): code is keyof typeof DISK_HINTS {
  return code !== null && Object.hasOwn(DISK_HINTS, code);
}

/** The act that failed, as a participle. */
export type FileAct = 'read' | 'written' | 'made';

/** Messages and hints that replace the default ones, by fault code. */
export type FileFaultTexts = Readonly<Partial<Record<FileFaultCode, { message?: string; hint?: string }>>>;

/**
 * Converts an error of the file system to a fault with the path of the file and a hint. Returns any other error, and a fault,
 * unchanged.
 *
 * ```ts
 * try {
 *   return await readFile(path);
 * } catch (error) {
 *   throw asFileFault(error, path, 'read', { 'file-missing': { hint: 'Import the package again.' } });
 * }
 * ```
 *
 * Faults made: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`, `file-missing`, `data-busy`.
 */
export function asFileFault(error: unknown, path: string, act: FileAct, texts: FileFaultTexts = {}): unknown {
  if (error instanceof Fault) return error;
  const code = fileFaultCodeOf(error);
  if (code === null) return error;
  const defaults = defaultTexts(code, path, act);
  const { message = defaults.message, hint = defaults.hint } = texts[code] ?? {};
  return new Fault(code, message, { hint, cause: error });
}

function defaultTexts(
  code: FileFaultCode,
  path: string,
  act: FileAct,
): { readonly message: string; readonly hint: string } {
  switch (code) {
    case 'disk-full':
      return { message: `there is no space for ${path} on its disk`, hint: 'Free space on this disk.' };
    case 'disk-read-only':
      return { message: `the disk of ${path} is read-only`, hint: DISK_HINTS[code] };
    case 'disk-failing':
      return { message: `the disk of ${path} reports an error`, hint: DISK_HINTS[code] };
    case 'file-denied':
      return { message: `${path} cannot be ${act}`, hint: 'Check the path and its permissions.' };
    case 'file-missing': {
      const what = act === 'read' ? path : `the folder of ${path}`;
      return { message: `${what} does not exist`, hint: 'Check the path.' };
    }
    case 'data-busy':
      return { message: `${path} is in use by another program`, hint: 'Close it there.' };
  }
}
