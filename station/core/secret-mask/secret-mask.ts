import { decodeUtf8 } from '#shared/codec/utf8.ts';
import { createByteMasker } from './byte-masker.ts';
import type { Decision, ReceivedGuard } from './received-guard.ts';

const ASTERISK = 0x2a;
/** Stands for a secret in text; its length is fixed, so that it does not show the length of the secret. */
export const MASK = '***';
/** Fewer characters of the beginning of a secret reveal nothing useful. */
export const MIN_REVEALING_LENGTH = 4;

/** Of values over Bluetooth. `hold`: received bytes may contain a secret that is not known yet. `release`: it is protected. `discard`: it is not known. */
export type HoldChange = 'hold' | 'release' | 'discard';

/** Tells which values may be recorded. */
export type IsKept = (value: Uint8Array) => boolean;

export interface Hold {
  /** The secrets are masked; a value that is not kept is recorded as asterisks. */
  release(isKept: IsKept): void;
  discard(): void;
}

/** Masks a text that comes in chunks. */
export interface TextMasker {
  /** The masked text so far, without an end that may be the beginning of a secret; that end precedes the next chunk. */
  push(chunk: string): string;
}

/**
 * The secrets of one run. It is made with the run's recording and handed to everything that lets text or bytes out of the
 * run, so that there is one list of secrets and one rule how they are found: in every form of `secretForms`, also inside
 * longer text, as the key of an object, and cut across chunks.
 */
export class SecretMask {
  readonly #secrets: string[] = [];
  readonly #groups: (readonly Uint8Array[])[] = [];
  readonly #listeners: (() => void)[] = [];
  readonly #holdListeners: ((change: HoldChange, isKept: IsKept) => void)[] = [];
  readonly #decisionListeners: ((decision: Decision) => void)[] = [];
  readonly #concealed: Uint8Array[] = [];
  #guard: ReceivedGuard | null = null;
  #forms: readonly Uint8Array[] = [];
  #words: readonly string[] = [];

  /** Every form of every secret, in the order in which they were protected. */
  get forms(): readonly Uint8Array[] {
    return this.#forms;
  }

  /** Adds secrets; empty and known ones are ignored. Call it before a secret is sent. */
  protect(secrets: readonly string[]): void {
    const added = [...new Set(secrets)].filter((secret) => secret !== '' && !this.#secrets.includes(secret));
    if (added.length === 0) return;
    this.#secrets.push(...added);
    this.#add(added.map(secretForms));
  }

  /**
   * Adds bytes that reveal a secret: another spelling of it, its digest. Each is masked as bytes, in hex and in base64. A
   * recording names a form by its place in the list: callers add as many for each secret, whatever the secret is; empty bytes
   * only take a place.
   */
  protectBytes(revealing: readonly Uint8Array[]): void {
    this.#add(revealing.map((bytes) => bytesForms(Buffer.from(bytes))));
  }

  /** Forms that have no place in `forms`: a replay has asterisks for them. */
  get concealed(): readonly Uint8Array[] {
    return this.#concealed;
  }

  /**
   * Masks a secret that a unit has said and that belongs to no triple of the run. Unlike `protectBytes`, it moves no place of
   * `forms`, because a replay does not find it again.
   */
  conceal(secret: Uint8Array): void {
    this.#concealed.push(...bytesForms(Buffer.from(secret)));
    this.#changed();
  }

  /**
   * As `conceal`, in every form of `protect`: a secret that a unit may say before the run needs it. When it is protected later, it
   * gets its places.
   */
  concealSecret(secret: string): void {
    const forms = secretForms(secret);
    const isKnown = forms.every((form) => this.#concealed.some((known) => Buffer.compare(known, form) === 0));
    if (secret === '' || isKnown) return;
    this.#concealed.push(...forms);
    this.#changed();
  }

  /**
   * Keeps values that are received over Bluetooth from now on out of the recording until it is known which bytes are a secret: a
   * unit may answer one that this station does not know. The end of the hold is `release`, after the secret was protected, or
   * `discard`, which leaves asterisks in the recording; whichever comes first.
   */
  hold(): Hold {
    let isHeld = true;
    const change = (to: HoldChange, isKept: IsKept): void => {
      for (const listener of this.#holdListeners) listener(to, isKept);
    };
    const end = (to: HoldChange, isKept: IsKept): void => {
      if (isHeld) change(to, isKept);
      isHeld = false;
    };
    change('hold', () => false);
    return { release: (isKept) => end('release', isKept), discard: () => end('discard', () => false) };
  }

  /** Calls `listener` when a hold begins and ends. Holds do not overlap. */
  onHold(listener: (change: HoldChange, isKept: IsKept) => void): void {
    this.#holdListeners.push(listener);
  }

  /** Who decides what of the unit's port is recorded; `null` when everything is. */
  get guard(): ReceivedGuard | null {
    return this.#guard;
  }

  setGuard(guard: ReceivedGuard): void {
    this.#guard?.finish();
    this.#guard = guard;
  }

  /** Tells the recording what the guard decided. */
  decide(decision: Decision): void {
    for (const listener of this.#decisionListeners) listener(decision);
  }

  onDecision(listener: (decision: Decision) => void): void {
    this.#decisionListeners.push(listener);
  }

  #add(groups: readonly (readonly Uint8Array[])[]): void {
    this.#groups.push(...groups);
    this.#forms = this.#groups.flat();
    this.#changed();
  }

  #changed(): void {
    const all = [...this.#forms, ...this.#concealed];
    const forms = new Set(all.flatMap(textsOf));
    // The longest first: a form may be a part of another.
    this.#words = [...forms].filter((form) => form !== '').toSorted((a, b) => b.length - a.length);
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` whenever secrets were added. */
  onProtect(listener: () => void): void {
    this.#listeners.push(listener);
  }

  maskText(text: string): string {
    return this.#words.reduce((masked, word) => masked.replaceAll(word, MASK), text);
  }

  /** As `maskText`, for a text that may end inside a secret: that part of the secret is masked too. */
  maskUnfinishedText(text: string): string {
    const masked = this.maskText(text);
    const length = this.#begunLength(masked);
    return length < MIN_REVEALING_LENGTH ? masked : masked.slice(0, -length) + MASK;
  }

  /** A copy of bytes in which secrets are asterisks, also one that begins or is cut at their end. */
  maskBytes(bytes: Uint8Array): Uint8Array {
    const masker = createByteMasker([...this.#forms, ...this.#concealed]);
    const masked = Buffer.from(masker.push(bytes));
    const begun = masker.begun()?.length ?? 0;
    const rest = Buffer.from(masker.flush());
    if (begun >= MIN_REVEALING_LENGTH) rest.fill(ASTERISK);
    return Buffer.concat([masked, rest]);
  }

  /** A copy of a JSON value with every text in it masked, keys included. */
  maskJson<T>(value: T): T {
    return this.#words.length === 0 ? value : (this.#maskValue(value) as T);
  }

  createTextMasker(): TextMasker {
    let held = '';
    return {
      push: (chunk) => {
        const masked = this.maskText(held + chunk);
        const length = this.#begunLength(masked);
        held = masked.slice(masked.length - length);
        return masked.slice(0, masked.length - length);
      },
    };
  }

  #maskValue(value: unknown): unknown {
    if (typeof value === 'string') return this.maskText(value);
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((item) => this.#maskValue(item));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.maskText(key), this.#maskValue(item)]),
    );
  }

  /** How many characters at the end of a text are the beginning of a secret. */
  #begunLength(text: string): number {
    const longest = this.#words[0]?.length ?? 0;
    for (let length = Math.min(longest - 1, text.length); length > 0; length--) {
      const end = text.slice(-length);
      if (this.#words.some((word) => word.length > length && word.startsWith(end))) return length;
    }
    return 0;
  }
}

/** Shorter values are too likely to occur by chance to be searched as the bytes that a base64 secret encodes. */
const MIN_RAW_BYTES = 8;

/**
 * The forms in which a secret may travel: its text, that text in hex (lower and upper case) and in base64; for a secret
 * that is base64 itself, also the bytes it encodes and these in hex. Recordings name a form by its index in this list.
 */
export function secretForms(secret: string): Uint8Array[] {
  const text = Buffer.from(secret);
  const forms: Buffer[] = [text, ...hexOf(text), Buffer.from(text.toString('base64'))];
  const raw = Buffer.from(secret, 'base64');
  if (raw.length >= MIN_RAW_BYTES && raw.toString('base64') === secret) forms.push(raw, ...hexOf(raw));
  return forms;
}

/** The forms of bytes that reveal a secret: always four. */
function bytesForms(bytes: Buffer): Uint8Array[] {
  return [bytes, ...hexOf(bytes), Buffer.from(bytes.toString('base64'))];
}

/** The texts in which bytes may appear: read as Latin-1, and as UTF-8 where they are that. */
function textsOf(bytes: Uint8Array): string[] {
  return [Buffer.from(bytes).toString('latin1'), decodeUtf8(bytes) ?? ''];
}

function hexOf(bytes: Buffer): Buffer[] {
  const hex = bytes.toString('hex');
  return [Buffer.from(hex), Buffer.from(hex.toUpperCase())];
}
