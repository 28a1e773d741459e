/** Files that belong to a run: which ones it may have, their names and their media types. */

export const MAX_ATTACHMENT_BYTES: number = 16 * 1024 * 1024;
/** Of one run. */
export const MAX_ATTACHMENTS = 32;
export const MAX_RUN_ATTACHMENT_BYTES: number = 64 * 1024 * 1024;

/** The media types that are recognised by their bytes. Anything else is `application/octet-stream`. */
export const MEDIA_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'application/pdf',
  'audio/wav',
  'application/json',
  'text/csv',
  'text/plain',
  'application/octet-stream',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** What made an attachment: the operator's answer to a prompt, a script, a program of `run-tool`. */
export const ATTACHMENT_SOURCES = ['prompt', 'script', 'tool'] as const;
export type AttachmentSource = (typeof ATTACHMENT_SOURCES)[number];

/** File name endings of pictures that an operator may give for a photo. */
export const PHOTO_ENDINGS = ['.png', '.jpg', '.jpeg', '.webp'] as const;

const MAX_NAME_CHARACTERS = 100;
/** An ending that is longer is no ending. */
const MAX_ENDING_CHARACTERS = 12;
/** Names of devices on Windows, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?$/i;
/** Characters that no file system needs in a name, and that are not seen or turn a text around. */
const UNWANTED = /[<>:"|?*\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** A larger text is not parsed: it is JSON when its first and last characters are those of JSON. */
const MAX_PARSED_CHARACTERS = 1024 * 1024;
/** A control character that is in no text: all but tab, line feed, form feed and carriage return. */
const NO_TEXT = /[\0-\x08\x0b\x0e-\x1f\x7f]/; // eslint-disable-line no-control-regex -- control characters show that it is no text

export function isPicture(type: MediaType): boolean {
  return type.startsWith('image/');
}

/** True for what a page may show as text. It never shows it as HTML. */
export function isTextual(type: MediaType): boolean {
  return type.startsWith('text/') || type === 'application/json';
}

/** True for the name of a picture by its ending, in any case. */
export function isPhotoName(name: string): boolean {
  return PHOTO_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending));
}

/**
 * A name from outside as people see it: without folders, with a `_` for each character that is unsafe or invisible, at most 100
 * characters with its ending kept. It is a valid file name everywhere.
 */
export function attachmentName(given: string): string {
  const base = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const plain = base
    .replace(UNWANTED, '_')
    .replace(/^[. ]+/, '')
    .replace(/[. ]+$/, '');
  const safe = plain === '' ? 'attachment' : DEVICE.test(plain) ? `_${plain}` : plain;
  return shorten(safe, MAX_NAME_CHARACTERS);
}

/** The name itself, or with `-2`, `-3`, … before its ending when the run has it already. Upper and lower case are the same. */
export function uniqueAttachmentName(name: string, taken: ReadonlySet<string>): string {
  const [stem, ending] = splitName(name);
  let unique = name;
  for (let count = 2; taken.has(unique.toLowerCase()); count++)
    unique = `${shorten(stem, MAX_NAME_CHARACTERS - ending.length - 4)}-${count}${ending}`;
  return unique;
}

/**
 * The media type of a file by its bytes. Its name and the type that its maker says decide only between kinds of text, and only
 * when the bytes are text: HTML and SVG are `text/plain`.
 */
export function sniffMediaType(bytes: Uint8Array, name: string, said: string | null = null): MediaType {
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (startsWith(bytes, ascii('RIFF'))) {
    if (startsWith(bytes.subarray(8), ascii('WEBP'))) return 'image/webp';
    if (startsWith(bytes.subarray(8), ascii('WAVE'))) return 'audio/wav';
  }
  if (startsWith(bytes, ascii('%PDF-'))) return 'application/pdf';
  const text = textOf(bytes);
  if (text === null) return 'application/octet-stream';
  const lower = name.toLowerCase();
  if ((lower.endsWith('.json') || said === 'application/json') && isJson(text)) return 'application/json';
  return lower.endsWith('.csv') || said === 'text/csv' ? 'text/csv' : 'text/plain';
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

/** `null` for bytes that are not UTF-8, or have characters that no text has. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return NO_TEXT.test(text) ? null : text;
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  const trimmed = text.trim();
  if (!/^(?:\{[^]*\}|\[[^]*\])$/.test(trimmed)) return false;
  if (trimmed.length > MAX_PARSED_CHARACTERS) return true;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

function splitName(name: string): readonly [string, string] {
  const dot = name.lastIndexOf('.');
  const isEnding = dot > 0 && name.length - dot <= MAX_ENDING_CHARACTERS;
  return isEnding ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
}

/** Whole characters only, with the ending kept. */
function shorten(name: string, maxCharacters: number): string {
  if (name.length <= maxCharacters) return name;
  const [stem, ending] = splitName(name);
  const cut = stem.slice(0, maxCharacters - ending.length);
  // Not in the middle of a character of two code units.
  return cut.replace(/[\ud800-\udbff]$/, '').trimEnd() + ending;
}
