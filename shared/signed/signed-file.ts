import { z } from 'zod';
import { decodeBase64, encodeBase64 } from '../codec/base64.ts';
import { canonicalJson } from '../codec/canonical-json.ts';
import { parseJsonOrNull } from '../codec/parse-json.ts';
import { DOCUMENT_KINDS, DOCUMENT_VERSION, type DocumentKind, type SignedKind } from './document-kind.ts';

/** An Ed25519 signature (RFC 8032) with its public key. */
export const documentSignature = z.strictObject({
  algorithm: z.literal('Ed25519'),
  /** SHA-256 of `publicKey`, 64 lower-case hex digits: the fingerprint of the key. */
  keyId: z.string().regex(/^[0-9a-f]{64}$/),
  /** SubjectPublicKeyInfo (RFC 8410) in DER, 44 bytes, in Base64. */
  publicKey: z.base64().length(60).refine(isOnlyForm),
  /** 64 bytes in Base64. */
  value: z.base64().length(88).refine(isOnlyForm),
});
export type DocumentSignature = z.infer<typeof documentSignature>;

/** What each document begins with. */
const documentHead = z.looseObject({
  kind: z.enum(DOCUMENT_KINDS),
  version: z.literal(DOCUMENT_VERSION),
  station: z.string().min(1),
});

/** A signed file, taken apart and not yet verified. */
export interface SignedParts {
  readonly kind: SignedKind;
  /** Name of the station, as the content says it. */
  readonly station: string;
  /** The signed content, see `signedBytes`. */
  readonly content: Uint8Array;
  readonly signature: DocumentSignature;
  /** The document; null for a balance as text. */
  readonly document: Readonly<Record<string, unknown>> | null;
}

/**
 * Why a file is not whole. `not-signed`: it does not begin as a signed file. `cut`: its end is missing or something follows.
 * `malformed`: it is not written as a station writes it, such as with other blanks, line ends or another encoding. `version`: a newer program wrote it. `key-mismatch`: the fingerprint
 * is not that of the key. `changed`: the signature is not that of the content.
 */
export const FILE_PROBLEMS = [
  'not-signed',
  'cut',
  'malformed',
  'version',
  'key-mismatch',
  'changed',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

const OPEN = '{"document":';
const MIDDLE = ',"signature":';
const CLOSE = '}\n';

/** First line of a balance as text. */
export const TEXT_TITLE = 'Gongwei batch balance 批次平衡表';
/** Before the name of the station in the second line of a text. */
export const TEXT_STATION = 'station 工位: ';
/** Before the signature, which is the last line of a text. */
const TEXT_SIGNATURE = 'signature: ';

/** The file of a document: `{"document":…,"signature":…}` and a line feed, which is canonical JSON (RFC 8785) as a whole. */
export function documentFile(content: string, signature: DocumentSignature): string {
  const [before, after] = aroundDocument(signature);
  return `${before}${content}${after}`;
}

/** What a file has before and after its document. */
export function aroundDocument(signature: DocumentSignature): readonly [before: string, after: string] {
  return [OPEN, `${MIDDLE}${canonicalJson(signature)}${CLOSE}`];
}

/** The file of a text: its lines, then one line with the signature. `content` ends with a line feed. */
export function textFile(content: string, signature: DocumentSignature): string {
  return `${content}${TEXT_SIGNATURE}${canonicalJson(signature)}\n`;
}

/**
 * Takes a signed file apart. Every byte of it is part of the content or is compared with what a station writes, so that each
 * change is found here or by the signature.
 */
export function splitSignedFile(file: Uint8Array): SignedParts | FileProblem {
  const text = textOf(file);
  if (text?.startsWith(OPEN) === true) return splitDocument(text);
  if (text?.startsWith(`${TEXT_TITLE}\n`) === true) return splitText(text);
  return looksSigned(file) ? 'malformed' : 'not-signed';
}

const HEAD_BYTES = 1_000;
const HEADS: readonly string[] = [OPEN, TEXT_TITLE].map(visibleAscii);

/**
 * True for a file that begins as a signed file does, but for blanks, line ends, a byte order mark or the encoding of its text: an
 * editor or a mail program has written it again.
 */
export function looksSigned(file: Uint8Array): boolean {
  const head = visibleAscii(
    Array.from(file.subarray(0, HEAD_BYTES), (byte) => String.fromCharCode(byte)).join(''),
  );
  return HEADS.some((one) => head.startsWith(one));
}

function visibleAscii(text: string): string {
  return text.replaceAll(/[^!-~]/g, '');
}

function splitDocument(text: string): SignedParts | FileProblem {
  const at = text.lastIndexOf(MIDDLE);
  if (at >= 0 && text.endsWith('}\r\n')) return 'malformed';
  if (at < 0 || !text.endsWith(CLOSE)) return 'cut';
  const signature = signatureOf(text.slice(at + MIDDLE.length, -CLOSE.length));
  const content = text.slice(OPEN.length, at);
  const parsed = parseJsonOrNull(content);
  if (signature === null || parsed === null) return 'malformed';
  if (versionOf(parsed) > DOCUMENT_VERSION) return 'version';
  const head = documentHead.safeParse(parsed);
  // One content has one text: no doubled members, no other blanks.
  if (!head.success || !isCanonical(parsed, content)) return 'malformed';
  const { kind, station } = head.data;
  return { kind, station, content: new TextEncoder().encode(content), signature, document: head.data };
}

function splitText(text: string): SignedParts | FileProblem {
  const at = text.lastIndexOf(`\n${TEXT_SIGNATURE}`) + 1;
  if (at === 0 || !text.endsWith('\n')) return 'cut';
  const content = text.slice(0, at);
  const signature = signatureOf(text.slice(at + TEXT_SIGNATURE.length, -1));
  const second = content.split('\n', 2)[1] ?? '';
  if (signature === null || !second.startsWith(TEXT_STATION)) return 'malformed';
  return {
    kind: 'batch-balance-text',
    station: second.slice(TEXT_STATION.length),
    content: new TextEncoder().encode(content),
    signature,
    document: null,
  };
}

/** The last letter of Base64 may have bits that belong to no byte; they must be zero. */
function isOnlyForm(text: string): boolean {
  const bytes = decodeBase64(text);
  return bytes !== null && encodeBase64(bytes) === text;
}

function signatureOf(text: string): DocumentSignature | null {
  const parsed = documentSignature.safeParse(parseJsonOrNull(text));
  return parsed.success && isCanonical(parsed.data, text) ? parsed.data : null;
}

function isCanonical(value: unknown, text: string): boolean {
  try {
    return canonicalJson(value) === text;
  } catch {
    return false;
  }
}

function versionOf(value: unknown): number {
  const parsed = z.looseObject({ version: z.int() }).safeParse(value);
  return parsed.success ? parsed.data.version : 0;
}

/** Null for bytes that are not UTF-8. A byte order mark stays in the text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The name of a document's kind for its file: `balance`, `certificate`. */
export function fileStem(kind: DocumentKind): string {
  return kind === 'batch-balance' ? 'balance' : 'certificate';
}
