import { Fault, type FaultDetails } from '#shared/domain/fault.ts';

/** Why a package is not taken; a page may have a picture or more words for each. */
export type Refusal =
  | 'not-a-package'
  | 'damaged'
  | 'encrypted'
  | 'unsafe-name'
  | 'symlink'
  | 'too-many-files'
  | 'too-large'
  | 'bomb'
  | 'no-firmware'
  | 'several-firmwares'
  | 'empty-firmware'
  | 'no-config'
  | 'several-configs'
  | 'config-not-json'
  | 'config-too-large'
  | 'size-differs'
  | 'hash-differs'
  | 'name-differs'
  | 'version-taken'
  | 'named-otherwise';

/** A package that is not taken, and why: nothing of it stays. */
export function refuse(reason: Refusal, message: string, hint: string, details: FaultDetails = {}): Fault {
  return new Fault('firmware-invalid', message, { hint, details: { reason, ...details } });
}

const PAGE_AGAIN = 'Download the package again and import that.';

export function damaged(what: string, why: string): Fault {
  return refuse('damaged', `${what} is damaged or cut off: ${why}`, PAGE_AGAIN);
}

/** Names come from outside: shown short and without control characters. */
export function show(name: string): string {
  const clean = name.replace(/\p{C}/gu, '�');
  return clean.length <= 120 ? clean : `${clean.slice(0, 60)}…${clean.slice(-59)}`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / (1024 * 1024)).toFixed(bytes < 10_485_760 ? 1 : 0)} MB`;
}
