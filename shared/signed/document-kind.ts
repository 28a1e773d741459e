/** The kinds of signed documents. A signature of one kind is never valid for another, see `signedBytes`. */
export const DOCUMENT_KINDS = ['batch-balance', 'birth-certificate'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** The version of the layout of files and documents that this program writes, and the only one that it reads. */
export const DOCUMENT_VERSION = 1;

/** Kinds of content that are signed: documents, a balance as text, and the proof that a station has its key. */
export const SIGNED_KINDS = [...DOCUMENT_KINDS, 'batch-balance-text', 'station-key'] as const;
export type SignedKind = (typeof SIGNED_KINDS)[number];

/**
 * The bytes over which a signature is made: `gongwei:KIND:1` and a line feed, then the content. The first line keeps a
 * signature of one kind from being valid for another.
 */
export function signedBytes(kind: SignedKind, content: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`gongwei:${kind}:${DOCUMENT_VERSION}\n`);
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}
