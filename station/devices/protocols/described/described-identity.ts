import { encodeUtf8 } from '#shared/codec/utf8.ts';
import { encodeFrame } from '#shared/codec/frames.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { Triple } from '#shared/domain/triple.ts';
import {
  type ExchangedIdentity,
  fillTripleHex,
  fillTripleText,
  groupsOfReading,
  type IdentityExchange,
  isSecretGroup,
  strengthOf,
} from '#shared/recipe/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { encodeMessage } from '../../serial-io/index.ts';
import { AnswerValues, unreadable } from './answer-values.ts';
import { interpretReading } from './interpret-reading.ts';
import { type ExchangeOptions, furtherAnswers, nameOfExchange, performExchange } from './perform-exchange.ts';
import { wholeSecret } from './secret-evidence.ts';
import { SecretForms } from './secret-forms.ts';
import { spellsSecret } from './spells-secret.ts';
import type { IdentityWatch } from './identity-watch.ts';
import type { UnitGuard } from './unit-guard.ts';

/** Stands for a triple in exchanges that send none of it. */
const NO_TRIPLE: Triple = { productId: '', deviceName: '', deviceSecret: '' };

/** Why an answer is no answer. */
const CONTRADICTION = 'the unit answered that it has one and that it has none';

/** The identity of a unit whose recipe describes how it is written, read and erased. */
export class DescribedIdentity {
  readonly readBack: ReadBackStrength;
  readonly #identity: ExchangedIdentity;
  readonly #options: ExchangeOptions;
  readonly #mask: SecretMask;
  readonly #forms: SecretForms;

  readonly #guard: UnitGuard;
  readonly #watch: IdentityWatch;

  constructor(
    identity: ExchangedIdentity,
    options: ExchangeOptions,
    mask: SecretMask,
    { guard, watch }: { readonly guard: UnitGuard; readonly watch: IdentityWatch },
  ) {
    this.#guard = guard;
    this.#watch = watch;
    this.#identity = identity;
    this.#options = options;
    this.#mask = mask;
    this.readBack = strengthOf(groupsOfReading(identity.read) ?? []);
    this.#forms = new SecretForms(mask, this.readBack);
  }

  /**
   * Reads the identity. A name of which a part is empty is read twice before it counts as none: one answer may have been
   * disturbed. Faults: those of `performExchange`; `device-garbled`.
   */
  async read(expected: Triple | null, signal: AbortSignal): Promise<IdentityReading> {
    if (expected !== null) this.#protect(expected.deviceSecret);
    const first = await this.#readOnce(expected, signal);
    if (first !== 'incomplete') return first;
    const second = await this.#readOnce(expected, signal);
    return second === 'incomplete' ? { kind: 'none' } : second;
  }

  /** Faults: `bad-input` for a triple that the unit cannot hold or be sent. */
  checkWritable(triple: Triple): void {
    const { limits, write } = this.#identity;
    for (const [key, field] of FIELDS) {
      const most = limits[key];
      const { length } = encodeUtf8(triple[key]);
      if (most === undefined || length <= most) continue;
      throw new Fault('bad-input', `${field} has ${length} bytes; this unit takes ${most}`, {
        hint: 'Use triples of a product for these units. See device.identity.limits of the recipe.',
        details: { field, bytes: length, max: most },
      });
    }
    for (const exchange of write) this.#bytesOf(exchange, triple);
  }

  async write(triple: Triple, signal: AbortSignal): Promise<void> {
    this.#protect(triple.deviceSecret);
    this.#watch.beginChange();
    for (const exchange of this.#identity.write) {
      const bytes = this.#bytesOf(exchange, triple);
      if (exchange.frame !== undefined) this.#forms.protectFrame(bytes);
      await this.#send(exchange, bytes, triple.deviceSecret, signal);
    }
  }

  /** An answer that repeats the secret in a spelling that the mask does not find is neither recorded nor quoted. */
  async #send(
    exchange: IdentityExchange,
    bytes: Uint8Array,
    secret: string,
    signal: AbortSignal,
  ): Promise<void> {
    const repeats = (answer: Uint8Array): boolean =>
      this.#guard.mayReveal(answer) || spellsSecret(answer, secret);
    this.#guard.expectAfterNext('writing', exchange);
    const hold = this.#mask.hold();
    try {
      await performExchange(this.#options, exchange, bytes, repeats, signal);
    } finally {
      hold.release((value) => !repeats(value));
    }
  }

  async erase(exchanges: readonly IdentityExchange[], signal: AbortSignal): Promise<void> {
    this.#watch.beginChange();
    await this.perform(exchanges, signal);
  }

  /** Performs exchanges that send nothing of a triple, in order. */
  async perform(exchanges: readonly IdentityExchange[], signal: AbortSignal): Promise<void> {
    const mayReveal = (answer: Uint8Array): boolean => this.#guard.mayReveal(answer);
    for (const exchange of exchanges)
      await performExchange(this.#options, exchange, this.#bytesOf(exchange, NO_TRIPLE), mayReveal, signal);
  }

  #protect(secret: string): void {
    this.#forms.protect(secret);
    this.#guard.know(secret);
  }

  async #readOnce(expected: Triple | null, signal: AbortSignal): Promise<IdentityReading | 'incomplete'> {
    const values = new AnswerValues();
    const path = this.#options.io.path;
    let what = '';
    let isNone = false;
    this.#watch.beginReading();
    // Which bytes of the answer are a secret is known only after it was understood.
    const hold = this.#mask.hold();
    try {
      for (const exchange of this.#identity.read) {
        what = nameOfExchange(exchange);
        const bytes = this.#bytesOf(exchange, NO_TRIPLE);
        this.#guard.expectAfterNext('reading', exchange);
        const first = await performExchange(this.#options, exchange, bytes, () => true, signal);
        const others = first.further ?? (await furtherAnswers(this.#options, exchange, signal));
        const names = groupsOfReading([exchange]) ?? [];
        for (const answer of [first, ...others]) {
          if (answer.kind !== first.kind) throw unreadable({ what, path }, 'identity', CONTRADICTION);
          if (answer.kind === 'expected') values.add(answer.groups, answer.inHex, { what, path });
          else if (names.includes('deviceName') || names.includes('productId')) isNone = true;
        }
        // A unit without a name need not answer more.
        if (isNone) break;
      }
      for (const group of this.#secretGroups) {
        const found = wholeSecret(values, group);
        if (found !== null) this.#forms.protectFound(found);
      }
      this.#guard.understood();
      this.#watch.settle(values, isNone);
      hold.release((value) => this.#guard.isAnswer(value));
    } finally {
      hold.discard();
    }
    if (isNone) return { kind: 'none' };
    return interpretReading(values, this.#secretGroups, expected, { what, path });
  }

  get #secretGroups() {
    return [...new Set(groupsOfReading(this.#identity.read) ?? [])].filter(isSecretGroup);
  }

  /** Faults: `bad-input` for a triple of which the exchange cannot be made. */
  #bytesOf(exchange: IdentityExchange, triple: Triple): Uint8Array {
    const { io } = this.#options;
    const { text, hex, send, frame, service } = exchange;
    if (text !== undefined) {
      const filled = fillTripleText(text, triple, io.encodeText);
      if (filled === null) throw notSendable(exchange);
      const end = exchange.end ?? (service === undefined ? 'crlf' : 'none');
      return Buffer.concat([filled, encodeMessage({ text: '', end }, io)]);
    }
    const bytes = fillTripleHex(hex ?? send ?? frame ?? '', triple);
    if (bytes === null) throw notSendable(exchange);
    if (frame === undefined) return bytes;
    const framed = io.framing === null ? null : encodeFrame(io.framing, bytes);
    if (framed?.ok !== true) throw notSendable(exchange);
    return framed.bytes;
  }
}

const FIELDS = [
  ['productId', 'ProductId'],
  ['deviceName', 'DeviceName'],
  ['deviceSecret', 'DeviceSecret'],
] as const;

function notSendable(exchange: IdentityExchange): Fault {
  const what = nameOfExchange(exchange);
  return new Fault('bad-input', `${what}: this triple cannot be sent so`, {
    hint: 'It is too long for a frame, or its secret is no base64. See device.identity.write of the recipe.',
    details: { command: what },
  });
}
