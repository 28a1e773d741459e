import type { Framing } from '#shared/codec/frames.ts';
import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import { decodeUtf8 } from '#shared/codec/utf8.ts';
import type { IdentityExchange } from '#shared/recipe/index.ts';
import type { ByteRange, Decision, ReceivedGuard, SecretMask } from '../../../core/secret-mask/index.ts';
import type { AwaitedAnswer, SerialGuard } from '../../serial-io/index.ts';
import { type AnswerShape, awaitedShape, secretsIn } from './answer-shapes.ts';
import type { IdentityWatch } from './identity-watch.ts';
import { MIN_SECRET_BYTES } from './min-secret-bytes.ts';
import { secretLikeParts, secretLikeWords } from './secret-like-words.ts';
import { showsPartOfSecret, spellsSecret } from './spells-secret.ts';
import { receivedFrames } from './understood-frames.ts';
import { ReceivedText } from './understood-text.ts';

const ASTERISK = 0x2a;
const CR = 0x0d;
const LF = 0x0a;
/** More undecided bytes than this are decided at once: no answer is so long. */
const MAX_KEPT_BYTES = 65_536;
const NOTHING: Decision = { count: 0, withheld: [], why: '' };

/**
 * `idle`: a line is recorded unless it spells a known secret. `reading`, from a question about the identity to the next command:
 * only what matches is recorded. `writing`, from a command with the secret to the next command: nothing is when it spells the
 * secret anywhere.
 */
type Mode = 'idle' | 'reading' | 'writing';

const OPEN =
  'a question about the identity was not answered before them, so that words in them may be a secret';
const WHY: Readonly<Record<Mode, string>> = {
  idle: 'a secret is spelled in them',
  reading:
    'they came after a question about the identity, and no pattern describes them, so that they may be a secret',
  writing: 'they came after a command with the secret, and it is spelled in them',
};

export interface UnitGuardOptions {
  /** How the answers of a reading look. */
  readonly shapes: readonly AnswerShape[];
  readonly framing: Framing | null;
  readonly encoding: TextEncodingName;
  readonly mask: SecretMask;
  readonly watch: IdentityWatch;
}

/** Keeps secrets that a described unit says at any time out of the recording and out of faults. */
export class UnitGuard implements ReceivedGuard, SerialGuard {
  readonly #shapes: readonly AnswerShape[];
  readonly #options: UnitGuardOptions;
  readonly #secrets = new Set<string>();
  #mode: Mode = 'idle';
  #next: Mode = 'idle';
  #kept: Uint8Array = new Uint8Array(0);
  #sent: Uint8Array = new Uint8Array(0);
  /** The answer of this reading was understood: a pattern that matches any word recognises nothing more. */
  #isAnswered = false;
  /** A question about the identity has no answer that was understood: a secret that this station does not know may come at any time. */
  #isOpen = false;
  /** Patterns for which steps have waited since the last command. */
  #awaited: AnswerShape[] = [];

  constructor(options: UnitGuardOptions) {
    this.#options = options;
    this.#shapes = options.shapes;
  }

  /** A secret that the unit may repeat in another spelling than the masked ones. */
  know(secret: string): void {
    if (secret.length >= MIN_SECRET_BYTES) this.#secrets.add(secret);
  }

  /** What the next command is. An exchange over Bluetooth sends no command over the port. */
  expectAfterNext(mode: Exclude<Mode, 'idle'>, { service }: IdentityExchange): void {
    if (service === undefined) this.#next = mode;
    else this.#isOpen ||= mode === 'reading';
  }

  /** The answer to a question about the identity was understood: it is decided, and what follows it is not. */
  understood(): void {
    this.#isOpen = false;
    if (this.#mode !== 'reading') return;
    const kept = this.#understoodIn(this.#kept, this.#portShapes);
    const end = kept.reduce((last, { to }) => Math.max(last, to), 0);
    this.#options.mask.decide(this.#take(this.#pastLineEnd(end)));
    this.#isAnswered = true;
  }

  sent(bytes: Uint8Array): void {
    this.#options.mask.decide(this.#take(this.#kept.length));
    this.#mode = this.#next;
    this.#next = 'idle';
    this.#sent = bytes;
    this.#awaited = [];
    this.#isAnswered = false;
    this.#isOpen ||= this.#mode === 'reading';
    this.#options.watch.sent(bytes);
  }

  hears(bytes: Uint8Array): void {
    this.#options.watch.hears(bytes);
  }

  awaits(answer: AwaitedAnswer): void {
    if (this.#mode === 'reading' || this.#isOpen) this.#awaited.push(awaitedShape(answer));
  }

  /** True for received bytes that a fault must not quote. */
  mayReveal(bytes: Uint8Array): boolean {
    if (this.#mode === 'reading') return true;
    if (this.#spells(bytes) || this.#secretsOf(bytes, this.#specific).length > 0) return true;
    return this.#isOpen && secretLikeWords(bytes).length > 0;
  }

  receive(bytes: Uint8Array): Decision {
    const { framing } = this.#options;
    this.#kept = Buffer.concat([this.#kept, bytes]);
    if (this.#kept.length > MAX_KEPT_BYTES) return this.#take(this.#kept.length);
    if (this.#mode !== 'idle') {
      // A secret is masked before anything else sees these bytes.
      if (framing !== null || bytes.some(isLineEnd))
        this.#conceal(this.#secretsOf(this.#kept, this.#specific));
      return NOTHING;
    }
    return this.#take(this.#wholeLength());
  }

  receiveValue(value: Uint8Array): void {
    const text = decodeUtf8(value);
    const hex = Buffer.from(value).toString('hex').toUpperCase();
    for (const shape of this.#shapes) {
      const match =
        shape.isValue && shape.isSpecific ? shape.pattern.first(shape.inHex ? hex : (text ?? '')) : null;
      if (match !== null) this.#conceal(secretsIn(shape, match));
    }
    if (this.#isOpen) this.#conceal(secretLikeParts(value));
    if (this.#spells(value)) this.#conceal([value]);
  }

  /** True for a value over Bluetooth that is an answer of the reading. */
  isAnswer(value: Uint8Array): boolean {
    const text = decodeUtf8(value)?.replace(/\0+$/, '') ?? '';
    const hex = Buffer.from(value).toString('hex').toUpperCase();
    return this.#shapes.some(({ isValue, inHex, pattern }) => isValue && pattern.test(inHex ? hex : text));
  }

  finish(): void {
    this.#options.mask.decide(this.#take(this.#kept.length));
  }

  get #portShapes(): readonly AnswerShape[] {
    return this.#shapes.filter(({ isValue }) => !isValue);
  }

  get #specific(): readonly AnswerShape[] {
    return this.#portShapes.filter(({ isSpecific }) => isSpecific);
  }

  /** The shapes of answers that may be recorded now. */
  get #described(): readonly AnswerShape[] {
    const isOpen = !this.#isAnswered;
    return this.#portShapes.filter(({ isSpecific, groups }) => isOpen || isSpecific || groups.length === 0);
  }

  /** The kept bytes up to the end of the last line or frame. */
  #wholeLength(): number {
    const { framing } = this.#options;
    const hasFrames = this.#shapes.some(({ inHex, isValue }) => inHex && !isValue);
    const hasText = this.#shapes.some(({ inHex, isValue }) => !inHex && !isValue);
    const lines = this.#kept.findLastIndex(isLineEnd) + 1;
    if (framing === null || !hasFrames) return lines;
    const frames = this.#kept.length - receivedFrames(this.#kept, framing).begun;
    return hasText ? Math.min(lines, frames) : frames;
  }

  /** Decides about the first kept bytes, and keeps them no longer. */
  #take(count: number): Decision {
    const bytes = this.#kept.subarray(0, count);
    if (bytes.length === 0) return NOTHING;
    this.#conceal(this.#secretsOf(bytes, this.#recognised));
    this.#kept = this.#kept.slice(count);
    return { count, withheld: this.#withheldOf(bytes), why: this.#why };
  }

  get #why(): string {
    return this.#isOpen && this.#mode !== 'reading' ? OPEN : WHY[this.#mode];
  }

  /** The shapes that tell a secret now. */
  get #recognised(): readonly AnswerShape[] {
    return this.#mode === 'reading' && !this.#isAnswered ? this.#portShapes : this.#specific;
  }

  #withheldOf(bytes: Uint8Array): ByteRange[] {
    const whole = { from: 0, to: bytes.length };
    switch (this.#mode) {
      case 'reading': {
        const kept = this.#understoodIn(bytes, [...this.#described, ...this.#awaited]);
        const said = Buffer.concat(kept.map(({ from, to }) => bytes.subarray(from, to)));
        return withoutLineEnds(bytes, this.#spells(said) ? [whole] : without(whole, kept));
      }
      case 'writing':
        return this.#spells(bytes) ? [whole] : this.#secretLikeIn(bytes);
      case 'idle':
        return [
          ...new ReceivedText(bytes, this.#options.encoding).lines.filter(({ from, to }) =>
            this.#spells(bytes.subarray(from, to)),
          ),
          ...this.#secretLikeIn(bytes),
        ];
    }
  }

  /** Words that may be a secret, because a question about the identity was not answered. */
  #secretLikeIn(bytes: Uint8Array): ByteRange[] {
    if (!this.#isOpen) return [];
    const said = this.#understoodIn(bytes, [...this.#specific, ...this.#awaited]);
    return secretLikeWords(bytes).flatMap((word) => without(word, said));
  }

  /** The bytes of answers, of awaited texts and of the echo of the command. */
  #understoodIn(bytes: Uint8Array, shapes: readonly AnswerShape[]): ByteRange[] {
    const { framing, encoding } = this.#options;
    const text = new ReceivedText(bytes, encoding);
    const kept = shapes
      .filter(({ inHex }) => !inHex)
      .flatMap(({ pattern }) => text.matches(pattern).flatMap((match) => text.rangesOf(match)));
    if (framing !== null) {
      const patterns = shapes.filter(({ inHex }) => inHex);
      for (const { hex, range } of receivedFrames(bytes, framing).frames)
        if (range !== null && patterns.some(({ pattern }) => pattern.test(hex))) kept.push(range);
    }
    const echo = withoutLineEnd(this.#sent);
    const at = echo.length === 0 ? -1 : Buffer.from(bytes).indexOf(echo);
    return at === -1 ? kept : [...kept, { from: at, to: at + echo.length }];
  }

  #secretsOf(bytes: Uint8Array, shapes: readonly AnswerShape[]): Uint8Array[] {
    const { framing, encoding } = this.#options;
    const text = new ReceivedText(bytes, encoding);
    const frames = framing === null ? [] : receivedFrames(bytes, framing).frames;
    return shapes.flatMap((shape) => {
      const matches = shape.inHex
        ? frames.map(({ hex }) => shape.pattern.first(hex)).filter((match) => match !== null)
        : text.matches(shape.pattern);
      return matches.flatMap((match) => secretsIn(shape, match));
    });
  }

  #conceal(secrets: readonly Uint8Array[]): void {
    for (const secret of secrets) {
      if (secret.length < MIN_SECRET_BYTES) continue;
      const text = decodeUtf8(secret);
      if (text !== null) this.know(text);
      if (!this.#options.mask.maskBytes(secret).every((byte) => byte === ASTERISK))
        this.#options.mask.conceal(secret);
    }
  }

  /** True when a known secret is still spelled in bytes after its masked forms are taken out. */
  #spells(bytes: Uint8Array): boolean {
    if (this.#secrets.size === 0 || bytes.length < MIN_SECRET_BYTES) return false;
    const masked = this.#options.mask.maskBytes(bytes);
    return [...this.#secrets].some(
      (secret) => spellsSecret(masked, secret) || showsPartOfSecret(masked, secret),
    );
  }

  #pastLineEnd(end: number): number {
    let past = end;
    while (past > 0 && isLineEnd(this.#kept[past] ?? 0)) past += 1;
    return past;
  }
}

function isLineEnd(byte: number): boolean {
  return byte === CR || byte === LF;
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.findLastIndex((byte) => !isLineEnd(byte)) + 1);
}

/** What is left of a range without others. */
function without(whole: ByteRange, others: readonly ByteRange[]): ByteRange[] {
  const left: ByteRange[] = [];
  let from = whole.from;
  const within = others.filter((one) => one.from < whole.to && one.to > whole.from);
  for (const one of within.toSorted((a, b) => a.from - b.from)) {
    if (one.from > from) left.push({ from, to: one.from });
    from = Math.max(from, one.to);
  }
  if (from < whole.to) left.push({ from, to: whole.to });
  return left;
}

/** The lines in ranges: line ends are always recorded. */
function withoutLineEnds(bytes: Uint8Array, ranges: readonly ByteRange[]): ByteRange[] {
  const lines: ByteRange[] = [];
  for (const { from, to } of ranges)
    for (let start = from, at = from; at <= to; at++) {
      if (at < to && !isLineEnd(bytes[at] ?? 0)) continue;
      if (at > start) lines.push({ from: start, to: at });
      start = at + 1;
    }
  return lines;
}
