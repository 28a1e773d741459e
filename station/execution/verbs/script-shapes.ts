import { z } from 'zod';
import { limits } from '#shared/domain/limits.ts';
import { fillBytes, SAMPLE_SCOPE, localizedText } from '#shared/recipe/index.ts';
import { MAX_BLOCK_BYTES } from '../../devices/instruments/index.ts';

/** Shapes of the arguments of a script's calls. Unknown keys are refused: a misspelled `limits` would limit nothing. */

const DEFAULT_WITHIN_MS = 3000;
/** Bounds of values that a record holds and of questions that an operator reads. */
const MAX_VALUE_CHARS = 4096;
const MAX_QUESTION_CHARS = 1000;
/** Characters of a text, or bytes. */
const MAX_LENGTH = 65_536;

const withinMs = z.int().min(1).max(600_000).default(DEFAULT_WITHIN_MS);
const bytes = z.instanceof(Uint8Array);

export const sendData = z.union([z.string().max(MAX_LENGTH), bytes], {
  error: `must be a text or a Uint8Array, of at most ${MAX_LENGTH} characters or bytes`,
});
/** The instrument that a call addresses in place of the unit. */
const instrument = z.string().max(32).optional();
export const sendOptions = z.strictObject({
  end: z.enum(['crlf', 'lf', 'cr', 'none']).default('crlf'),
  instrument,
});
export const commandOptions = z.strictObject({ withinMs });
export const command = z.string().max(1024);
export const expectOptions = z.strictObject({
  expect: z.string('must be a regular expression, or the text of one').max(1024),
  withinMs,
  /** False: without waiting for the end of the line. */
  wholeLines: z.boolean().default(true),
  instrument,
});

export const requestOptions = z.strictObject({ ...sendOptions.shape, ...expectOptions.shape });

/** Payload of a frame: bytes, or hex. */
export const payload = z.union(
  [
    bytes,
    z
      .string()
      .max(2 * MAX_LENGTH)
      .transform((text, context) => {
        const filled = fillBytes(text, SAMPLE_SCOPE);
        if (filled === null) context.addIssue({ code: 'custom', message: 'must be bytes in hex' });
        return filled ?? new Uint8Array();
      }),
  ],
  'must be a Uint8Array, or bytes in hex as "01 64 FF"',
);

export const readOptions = z
  .strictObject({
    /** Reads this number of bytes. */
    count: z.int().min(1).max(MAX_LENGTH, `must be at most ${MAX_LENGTH}`).optional(),
    /** Reads up to and including these bytes. */
    until: bytes.refine(({ length }) => length > 0 && length <= 64, 'must have 1 to 64 bytes').optional(),
    /** Reads until no byte came for this time. */
    quietMs: z.int().min(2).max(10_000).optional(),
    withinMs,
    instrument,
  })
  .refine(
    (r) => [r.count, r.until, r.quietMs].filter((given) => given !== undefined).length === 1,
    'must have exactly one of: count, until, quietMs',
  );

/** Options of a question to an instrument that is answered by one line. */
export const queryOptions = z.strictObject({ withinMs, instrument: z.string().max(32) });
/** Options of a question to an instrument that is answered by a block of bytes. */
export const blockOptions = z.strictObject({
  withinMs,
  instrument: z.string().max(32),
  maxBytes: z.int().min(1).max(MAX_BLOCK_BYTES).default(MAX_BLOCK_BYTES),
});

export const controlLines = z.strictObject({
  dtr: z.boolean().optional(),
  rts: z.boolean().optional(),
  breakMs: z.int().min(1).max(3_600_000).optional(),
});

export const powerTo = z.enum(['on', 'off', 'cycle']);
export const powerOptions = z.strictObject({
  offMs: z.int().min(1).max(3_600_000).default(1000),
  settleMs: z.int().min(0).max(3_600_000).optional(),
});
export const channel = z.int().min(0).max(63);
export const relayOn = z.boolean();

export const measurementName = z.string().min(1).max(48);
/** From 2^53 on a number cannot hold every integer: the unit may have sent another one. */
const number = z.number().refine((given) => Math.abs(given) <= Number.MAX_SAFE_INTEGER, {
  error: ({ input }) =>
    `${String(input)} is beyond the integers that a number holds exactly (9007199254740991): pass the unit's text`,
});
export const measuredValue = z.union([z.string().max(MAX_VALUE_CHARS), number, z.boolean()], {
  // Values come from the process of a script as JSON, which has no NaN.
  error: `must be a number (not NaN), a text of at most ${MAX_VALUE_CHARS} characters, true or false`,
});
export const measureOptions = z.strictObject({
  unit: z.string().max(16).optional(),
  limits: limits.optional(),
});

const question = z.union(
  [
    localizedText.refine(({ en, 'zh-CN': zh }) => Math.max(en.length, zh.length) <= MAX_QUESTION_CHARS, {
      error: `must have at most ${MAX_QUESTION_CHARS} characters`,
    }),
    z
      .string()
      .max(MAX_QUESTION_CHARS)
      .transform((text) => ({ 'zh-CN': text, en: text })),
  ],
  `must be a text of at most ${MAX_QUESTION_CHARS} characters, or one in each language`,
);
export const promptOptions = z.strictObject({
  kind: z.enum(['pass-fail', 'confirm', 'text', 'number', 'choice']),
  ask: question,
  choices: z
    .array(z.strictObject({ value: z.string().max(256), title: localizedText }))
    .max(100)
    .default([]),
  answerMs: z.int().min(1).max(3_600_000).default(300_000),
});

export const attachmentName = z.string().min(1).max(1000);
export const attachmentData = z.union([z.string(), bytes], 'must be a text or a Uint8Array');
export const attachOptions = z.strictObject({ type: z.string().max(100).optional() });
/** Tells the files apart whose pieces a script sends at the same time. */
export const attachmentId = z.int().min(1);

export const pauseMs = z.number().min(0).max(3_600_000);
export const plainText = z.string();
