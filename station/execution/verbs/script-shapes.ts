import { z } from 'zod';
import { limits } from '#shared/domain/limits.ts';
import { fillBytes, SAMPLE_SCOPE, words } from '#shared/recipe/index.ts';

/** The arguments of a script's calls. A key that nobody knows is refused: `limit` would be no limit. */

const DEFAULT_WITHIN_MS = 3000;
/** What is kept with a run, and what a person reads, is no place for a flood. */
const MAX_VALUE_CHARS = 4096;
const MAX_ASKED_CHARS = 1000;
const MAX_BYTES = 65_536;

const withinMs = z.int().min(1).max(600_000).default(DEFAULT_WITHIN_MS);
const bytes = z.instanceof(Uint8Array);

export const data = z.union([z.string().max(MAX_BYTES), bytes], {
  error: `sends a text or a Uint8Array, of ${MAX_BYTES} at most`,
});
export const sending = z.strictObject({ end: z.enum(['crlf', 'lf', 'cr', 'none']).default('crlf') });
export const waiting = z.strictObject({ withinMs });
export const command = z.string().max(1024);
export const hearing = z.strictObject({
  expect: z.string('is a regular expression, or the text of one').max(1024),
  withinMs,
  /** False: without waiting for the end of the line. */
  wholeLines: z.boolean().default(true),
});

export const requesting = z.strictObject({ ...sending.shape, ...hearing.shape });

/** Of a frame: bytes, or hex. */
export const payload = z.union(
  [
    bytes,
    z
      .string()
      .max(2 * MAX_BYTES)
      .transform((text, context) => {
        const read = fillBytes(text, SAMPLE_SCOPE);
        if (read === null) context.addIssue({ code: 'custom', message: 'is not made of bytes in hex' });
        return read ?? new Uint8Array();
      }),
  ],
  'a payload is a Uint8Array, or bytes in hex as "01 64 FF"',
);

export const reading = z
  .strictObject({
    /** So many bytes. */
    count: z.int().min(1).max(MAX_BYTES, `is ${MAX_BYTES} at most`).optional(),
    /** Up to these, and with them. */
    until: bytes.refine(({ length }) => length > 0 && length <= 64, 'has 1 to 64 bytes').optional(),
    /** Until nothing has come for so long. */
    quietMs: z.int().min(2).max(10_000).optional(),
    withinMs,
  })
  .refine(
    (r) => [r.count, r.until, r.quietMs].filter((given) => given !== undefined).length === 1,
    'reads by exactly one of: count, until, quietMs',
  );

export const lines = z.strictObject({
  dtr: z.boolean().optional(),
  rts: z.boolean().optional(),
  breakMs: z.int().min(1).max(3_600_000).optional(),
});

export const powerTo = z.enum(['on', 'off', 'cycle']);
export const powering = z.strictObject({
  offMs: z.int().min(1).max(3_600_000).default(1000),
  settleMs: z.int().min(0).max(3_600_000).optional(),
});
export const channel = z.int().min(0).max(63);
export const flag = z.boolean();

export const measurementName = z.string().min(1).max(48);
/** From 2^53 on numbers lack some integers: what the unit said may have been another one. */
const number = z.number().refine((given) => Math.abs(given) <= Number.MAX_SAFE_INTEGER, {
  error: ({ input }) =>
    `${String(input)} is more than a number keeps digit by digit (9007199254740991): give the text that the unit said`,
});
export const value = z.union([z.string().max(MAX_VALUE_CHARS), number, z.boolean()], {
  // JSON, in which values come from the process of a script, has no NaN.
  error: `a value is a number (not NaN), a text of at most ${MAX_VALUE_CHARS} characters, true or false`,
});
export const measuring = z.strictObject({ unit: z.string().max(16).optional(), limits: limits.optional() });

const question = z.union(
  [
    words.refine(({ en, 'zh-CN': zh }) => Math.max(en.length, zh.length) <= MAX_ASKED_CHARS, {
      error: `is at most ${MAX_ASKED_CHARS} characters`,
    }),
    z
      .string()
      .max(MAX_ASKED_CHARS)
      .transform((text) => ({ 'zh-CN': text, en: text })),
  ],
  `is a text of at most ${MAX_ASKED_CHARS} characters, or one in each language`,
);
export const asking = z.strictObject({
  kind: z.enum(['pass-fail', 'confirm', 'text', 'number', 'choice']),
  ask: question,
  choices: z
    .array(z.strictObject({ value: z.string().max(256), title: words }))
    .max(100)
    .default([]),
  answerMs: z.int().min(1).max(3_600_000).default(300_000),
});

export const pause = z.number().min(0).max(3_600_000);
export const text = z.string();
