import type { FaultCode } from './fault.ts';

/** What a disk or a file system can refuse with, each with something else to do about it. */
export type DiskTrouble = Extract<
  FaultCode,
  'disk-full' | 'disk-read-only' | 'disk-failing' | 'file-denied' | 'file-missing' | 'data-busy'
>;

/** By the names of POSIX and Linux (`errno(3)`), as Node gives them in `error.code` on every system. */
const TROUBLES: Readonly<Record<string, DiskTrouble>> = {
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

/** Null for what is no trouble with a disk. */
export function diskTroubleOf(error: unknown): DiskTrouble | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && Object.hasOwn(TROUBLES, code) ? (TROUBLES[code] ?? null) : null;
}

/** What to do about a disk that takes nothing more, whoever finds it. */
export const DISK_HINTS: Readonly<Record<'disk-full' | 'disk-read-only' | 'disk-failing', string>> = {
  'disk-full': 'Free space on this disk; nothing that was recorded is lost.',
  'disk-read-only':
    'Find out why its file system is mounted read-only (often the system found an error on it), mount it for writing, and start again. Restore nothing: what was recorded is whole.',
  'disk-failing':
    'Copy the data directory to another disk while it can be read, and have this disk or its connection looked at. Restore nothing before that: what was recorded may be whole.',
};
