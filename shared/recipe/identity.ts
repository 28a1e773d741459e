import { z } from 'zod';
import { bleTimeoutMs, uuid } from './ble.ts';
import { durationMs, regex, template } from './common.ts';
import { nvsIdentity } from './nvs-identity.ts';
import { shape } from './texts/shape-texts.ts';
import { fillTripleHex, placeholdersOf, SAMPLE_TRIPLE } from './triple-text.ts';

const WRITTEN = /\{(?:productId|deviceName|deviceSecret)(?::[A-Za-z0-9_-]*)?\}/gi;

/** A placeholder with another name or filter is a byte here: the check of its meaning says what was probably meant. */
function withoutMisnamed(text: string): string {
  return text.replaceAll(WRITTEN, (one) => (placeholdersOf(one).length === 0 ? '00' : one));
}

/** Bytes in hex, with placeholders of the triple. */
const tripleHex = z
  .string(shape('shape-hex-quoted'))
  .max(4096)
  .refine((text) => fillTripleHex(withoutMisnamed(text), SAMPLE_TRIPLE) !== null, shape('shape-hex'));

/**
 * One exchange with the unit about its identity: over the port as in `request`, or over Bluetooth as in `ble-request` and
 * `ble-read`. Texts and bytes have placeholders of the triple; patterns have none.
 */
const exchangeKeys = {
  text: template.optional(),
  /** Line end after a text; CR LF over the port when left out, none over Bluetooth. */
  end: z.enum(['crlf', 'lf', 'cr', 'none']).optional(),
  hex: tripleHex.optional(),
  frame: tripleHex.optional(),
  expect: regex.optional(),
  expectFrame: regex.optional(),
  wholeLines: z.boolean().default(true),
  withinMs: durationMs.optional(),

  /** Over Bluetooth: the service, and the characteristic that is written, notifies or is read. */
  service: uuid.optional(),
  write: uuid.optional(),
  send: tripleHex.optional(),
  /** False: a write without response. */
  confirm: z.boolean().default(true),
  notify: uuid.optional(),
  characteristic: uuid.optional(),
  /** What the patterns are matched with: the text, or the bytes in upper-case hex. */
  as: z.enum(['text', 'hex']).optional(),
  answerMs: bleTimeoutMs.optional(),
};
type ExchangeKeys = z.infer<z.ZodObject<typeof exchangeKeys>>;

/** Answers that mean that the unit holds no identity. */
const noneKeys = { none: regex.optional(), noneFrame: regex.optional() };

const given = (...values: unknown[]): number => values.filter((value) => value !== undefined).length;

/** A message over the port; over Bluetooth a written message, or a read characteristic. */
function isOneExchange(e: ExchangeKeys): boolean {
  if (e.service === undefined)
    return given(e.text, e.hex, e.frame) === 1 && given(e.write, e.send, e.notify, e.characteristic) === 0;
  if (e.characteristic !== undefined)
    return given(e.text, e.hex, e.frame, e.write, e.send, e.notify, e.expectFrame) === 0;
  return e.write !== undefined && given(e.text, e.send) === 1 && given(e.hex, e.frame, e.expectFrame) === 0;
}

/** An answer is awaited with one pattern, except after a write over Bluetooth that only has to be acknowledged. */
function isOneAnswer(e: ExchangeKeys): boolean {
  const patterns = given(e.expect, e.expectFrame);
  if (e.service !== undefined && e.write !== undefined) return patterns === given(e.notify);
  return patterns === 1;
}

const exchange = z
  .strictObject(exchangeKeys)
  .refine(isOneExchange, shape('shape-identity-exchange'))
  .refine(isOneAnswer, shape('shape-identity-answer'));
export type IdentityExchange = z.infer<typeof exchange>;

const readExchange = z
  .strictObject({ ...exchangeKeys, ...noneKeys })
  .refine(isOneExchange, shape('shape-identity-exchange'))
  .refine((e) => given(e.expect, e.expectFrame) === 1 && isOneAnswer(e), shape('shape-identity-answer'));
export type IdentityReadExchange = z.infer<typeof readExchange>;

const exchanges = z.array(exchange).min(1).max(16);
const maxBytes = z.int().min(1).max(1024);

/** How a described unit takes, shows and forgets its identity: `device.identity`. */
export const identity = z
  .strictObject({
    /** Brings the unit into the state in which it takes an identity. */
    prepare: exchanges.optional(),
    write: exchanges.optional(),
    /** The answers together are the reading. */
    read: z.array(readExchange).min(1).max(8).optional(),
    erase: exchanges.optional(),
    /** Instead of exchanges: in the flash of the unit. */
    nvs: nvsIdentity.optional(),
    /** Lets the unit log in to the cloud; passes when it is logged in. */
    login: exchanges.optional(),
    logout: exchanges.optional(),
    /** What the unit can hold, in bytes. */
    limits: z
      .strictObject({
        productId: maxBytes.optional(),
        deviceName: maxBytes.optional(),
        deviceSecret: maxBytes.optional(),
      })
      .default({}),
    /** True: units pass without a proof that they hold the secret; the records say so. */
    unproven: z.boolean().default(false),
  })
  .refine(
    (i) => i.nvs !== undefined || (i.write !== undefined && i.read !== undefined),
    shape('shape-identity-needs'),
  )
  .refine(
    (i) => i.nvs === undefined || given(i.prepare, i.write, i.read, i.erase) === 0,
    shape('shape-identity-nvs-alone'),
  )
  .refine((i) => i.nvs === undefined || !i.unproven, shape('shape-identity-nvs-proven'));
export type IdentitySettings = z.infer<typeof identity>;

/** An identity that is written and read by exchanges with the unit. */
export interface ExchangedIdentity extends Omit<IdentitySettings, 'write' | 'read'> {
  readonly write: readonly IdentityExchange[];
  readonly read: readonly IdentityReadExchange[];
}

/** `null` for an identity that is not written and read by exchanges. */
export function exchangedIdentity(settings: IdentitySettings): ExchangedIdentity | null {
  const { write, read } = settings;
  return write === undefined || read === undefined ? null : { ...settings, write, read };
}

const DEFAULT_WITHIN_MS = 3000;

/** How long the answer of an exchange is awaited, in milliseconds. */
export function limitOfExchange({ withinMs, answerMs }: ExchangeKeys): number {
  return answerMs ?? withinMs ?? DEFAULT_WITHIN_MS;
}

/** Longest time of some exchanges together, in milliseconds; 0 for none. */
export function limitOfExchanges(all: readonly ExchangeKeys[] | undefined): number {
  return (all ?? []).reduce((sumMs, one) => sumMs + limitOfExchange(one), 0);
}

/** What the patterns of an exchange are matched with. */
export function answerForm(e: ExchangeKeys): 'text' | 'hex' {
  if (e.service === undefined) return e.expectFrame === undefined ? 'text' : 'hex';
  return e.as ?? (e.characteristic === undefined ? 'hex' : 'text');
}
