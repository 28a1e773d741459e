import { hostSystem } from '../host-system/index.ts';

/** Forbidden in file names by Windows. A colon does not fail there: the text after it names a hidden stream of the file. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}]/gu;
/** Names of devices, with any ending and in any case. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * A file name that every file system takes: characters that Windows forbids become `-`, dots and blanks at the end are
 * removed, and a device's name gets a `_`.
 *
 * ```ts
 * portableFileName('A2:B7:16:CA:2C:1D'); // 'A2-B7-16-CA-2C-1D'
 * ```
 */
export function portableFileName(text: string): string {
  const plain = text.replace(FORBIDDEN, '-').replace(/[. ]+$/, '');
  if (plain === '') return '_';
  return DEVICE.test(plain) ? `_${plain}` : plain;
}

/** A file name from outside, for a file of this computer: on Windows as `portableFileName`, elsewhere unchanged. */
export function nativeFileName(text: string, isWindows = hostSystem().kind === 'windows'): string {
  return isWindows ? portableFileName(text) : text;
}
