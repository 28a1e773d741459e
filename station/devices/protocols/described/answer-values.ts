import { decodeHex } from '#shared/codec/hex.ts';
import { decodeUtf8, encodeUtf8 } from '#shared/codec/utf8.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Where an answer came from, for faults. */
export interface AnswerSource {
  /** The question. */
  readonly what: string;
  /** The port or address of the unit. */
  readonly path: string;
}

/**
 * The values of the groups that the answers of a unit have given so far, by their names. A value of an answer in hex is its bytes
 * without zeros and FF at the end of a name; any other value is its text in UTF-8.
 */
export class AnswerValues {
  readonly #values = new Map<string, { readonly bytes: Uint8Array; readonly inHex: boolean }>();

  /** Adds the groups of one answer. Faults: `device-garbled` when two answers contradict each other. */
  add(groups: Readonly<Record<string, string | undefined>>, inHex: boolean, source: AnswerSource): void {
    for (const [name, text] of Object.entries(groups)) {
      if (text === undefined) continue;
      const bytes = bytesOfValue(name, text, inHex);
      if (bytes === null) throw unreadable(source, name);
      const before = this.#values.get(name);
      if (before !== undefined && Buffer.compare(before.bytes, bytes) !== 0)
        throw unreadable(source, name, 'the unit answered two values of it');
      this.#values.set(name, { bytes, inHex });
    }
  }

  /** The bytes of a value; empty when it was not answered. */
  bytes(name: string): Uint8Array {
    return this.#values.get(name)?.bytes ?? new Uint8Array();
  }

  /** True when the value was answered, also an empty one. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** True for a value of an answer in hex. */
  isInHex(name: string): boolean {
    return this.#values.get(name)?.inHex ?? false;
  }

  /** The text of a value; empty when it was not answered. Faults: `device-garbled` for bytes that are no text. */
  text(name: string, source: AnswerSource): string {
    const text = decodeUtf8(this.bytes(name));
    if (text === null || text.includes('\0')) throw unreadable(source, name);
    return text;
  }
}

/** The bytes of a value that a group has matched; `null` for one that is not readable. */
export function bytesOfValue(name: string, text: string, inHex: boolean): Uint8Array | null {
  const raw = inHex ? decodeHex(text) : encodeText(text);
  return raw !== null && inHex && !isOfSecret(name) ? withoutPadding(raw) : raw;
}

/** How a value is written, where two groups differ in that alone. */
const FORM_HINTS: Readonly<Record<string, string>> = {
  deviceSecretBcc: 'It is decimal, 0 to 255; a unit that answers hex needs the group deviceSecretBccHex.',
  deviceSecretBccHex:
    'It is one or two hex digits; a unit that answers decimal needs the group deviceSecretBcc.',
};

/** The value of a group cannot be what its name says. It is not quoted, because it may be a secret. */
export function unreadable({ what, path }: AnswerSource, name: string, why = 'it is not readable'): Fault {
  const written = FORM_HINTS[name];
  return new Fault('device-garbled', `${what}: the answer of the unit on ${path} has a ${name}, but ${why}`, {
    hint: `${written === undefined ? '' : `${written} `}Try once more; check the wires to the unit, and device.identity.read of the recipe.`,
    details: { port: path, command: what, measurement: name },
  });
}

function isOfSecret(name: string): boolean {
  return name.startsWith('deviceSecret');
}

/** `null` for half of a character, which a damaged answer may have. */
function encodeText(text: string): Uint8Array | null {
  return /\p{Surrogate}/u.test(text) ? null : encodeUtf8(text);
}

/** Fields of a fixed size end with zeros or with FF. */
function withoutPadding(bytes: Uint8Array): Uint8Array {
  const end = bytes.findLastIndex((byte) => byte !== 0 && byte !== 0xff);
  return bytes.subarray(0, end + 1);
}
