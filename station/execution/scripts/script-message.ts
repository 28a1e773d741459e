import { z } from 'zod';

/** What the process of a script may say, one JSON text a line. Nothing of it is believed before it has this shape. */
const scriptMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.int().min(1),
    call: z.string().max(32),
    args: z.array(z.unknown()).max(4),
  }),
  /** What it printed. */
  z.object({ kind: z.literal('output'), text: z.string() }),
  z.object({ kind: z.literal('done') }),
  z.object({
    kind: z.literal('failed'),
    error: z.object({
      code: z.string().max(64).nullable(),
      message: z.string().max(4000),
      line: z.int().min(1).nullable(),
      column: z.int().min(1).nullable(),
    }),
  }),
]);
export type ScriptMessage = z.infer<typeof scriptMessage>;
export type ScriptError = Extract<ScriptMessage, { kind: 'failed' }>['error'];

/** `null` for whatever is no message. Never throws. */
export function parseScriptMessage(line: string): ScriptMessage | null {
  try {
    return scriptMessage.safeParse(JSON.parse(line, revive)).data ?? null;
  } catch {
    return null;
  }
}

/** What JSON has no word for: bytes, and numbers that are none (they are refused later, by their name). */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const [[key, text] = [], second] = Object.entries(value);
  if (second !== undefined || typeof text !== 'string') return value;
  if (key === '$bytes') return new Uint8Array(Buffer.from(text, 'base64'));
  return key === '$number' ? Number(text) : value;
}
