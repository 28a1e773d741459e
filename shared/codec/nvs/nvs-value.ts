import type { INTEGER_CODES, SECOND_VERSION } from './layout.ts';
import { decodeUtf8, encodeUtf8 } from '../utf8.ts';

export type NvsIntegerType = keyof typeof INTEGER_CODES;

/** A value as the library stores it. The bytes of a string include the NUL at its end. */
export type NvsValue =
  | { readonly type: NvsIntegerType; readonly value: bigint }
  /** `legacy-blob` is a blob of format 1, in one piece. */
  | { readonly type: 'string' | 'legacy-blob'; readonly bytes: Uint8Array }
  | {
      readonly type: 'blob';
      readonly bytes: Uint8Array;
      /** The library numbers the pieces of a new version from the other of these, so that the old version stays valid until it ends. */
      readonly firstPiece: 0 | typeof SECOND_VERSION;
    };

export interface NvsItem {
  /** Index of its namespace. */
  readonly namespace: number;
  /** Up to 15 bytes, each as one character (Latin-1). */
  readonly key: string;
  readonly value: NvsValue;
}

export interface NvsNamespace {
  readonly name: string;
  /** 1 to 254. */
  readonly index: number;
}

/** The content of a partition. Names and keys occur once. */
export interface NvsContent {
  /** Format 2 since ESP-IDF 3.2. */
  readonly format: 1 | 2;
  readonly namespaces: readonly NvsNamespace[];
  readonly items: readonly NvsItem[];
}

/** A string as NVS stores it: UTF-8 and a NUL. */
export function nvsString(text: string): NvsValue {
  return { type: 'string', bytes: Uint8Array.of(...encodeUtf8(text), 0) };
}

/** The text of a string up to its NUL, or of a blob without NUL; null for other values and for bytes that are not UTF-8. */
export function nvsText(value: NvsValue): string | null {
  if (!('bytes' in value)) return null;
  const { bytes } = value;
  const nul = bytes.indexOf(0);
  if (value.type !== 'string' && nul >= 0 && nul !== bytes.length - 1) return null;
  return decodeUtf8(nul < 0 ? bytes : bytes.subarray(0, nul));
}

/** The value of a key; null when the partition has no such namespace or key. */
export function findNvsValue(content: NvsContent, namespace: string, key: string): NvsValue | null {
  const index = content.namespaces.find(({ name }) => name === namespace)?.index;
  return content.items.find((item) => item.namespace === index && item.key === key)?.value ?? null;
}
