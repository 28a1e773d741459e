import { Fault, type FaultDetails } from '#shared/domain/fault.ts';

/** Reason why a package is invalid. */
export type PackageProblem =
  | 'not-a-package'
  | 'damaged'
  | 'encrypted'
  | 'unsafe-name'
  | 'symlink'
  | 'changed'
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
  | 'flasher-args'
  | 'field-ambiguous'
  | 'size-differs'
  | 'hash-differs'
  | 'name-differs'
  | 'version-taken'
  | 'named-otherwise';

/** The fault `firmware-invalid` with its reason; nothing of the package is stored. */
export function invalidPackage(
  reason: PackageProblem,
  message: string,
  hint: string,
  details: FaultDetails = {},
): Fault {
  return new Fault('firmware-invalid', message, { hint, details: { reason, ...details } });
}

const DOWNLOAD_AGAIN = 'Download the package again and import that.';

export function damaged(subject: string, reason: string): Fault {
  return invalidPackage('damaged', `${subject} is damaged or cut off: ${reason}`, DOWNLOAD_AGAIN);
}

/** The fault for a link in a package. The whole package is refused, because a link may lead out of it. */
export function linkFault(path: string): Fault {
  const file = printable(path);
  return invalidPackage(
    'symlink',
    `"${file}" in the package is a link, not a file`,
    'Put the file itself there.',
    { file },
  );
}

/** A name of a package for a message: shortened, without control characters. */
export function printable(name: string): string {
  const clean = name.replace(/\p{C}/gu, '�');
  return clean.length <= 120 ? clean : `${clean.slice(0, 60)}…${clean.slice(-59)}`;
}

export { mebibytes } from '../core/content-store/index.ts';
