import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { readScript, readSyntaxError } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';

/**
 * What runs in the process that takes types out, as the text that is sent there. Some sixty characters keep Node's own
 * parser busy for years, and deep nesting leaves it broken for whoever asks it next: so it never runs in the station.
 */
const STRIP = String.raw`
import * as nodeModule from 'node:module';
const parts = [];
for await (const part of process.stdin) parts.push(part);
let said = {};
function isDeep(error) {
  return error instanceof RangeError || error?.code === 'ERR_INTERNAL_ASSERTION';
}
try {
  const source = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  const strip = nodeModule.stripTypeScriptTypes;
  try {
    said = strip === undefined ? { missing: true } : { code: strip(source) };
  } catch (error) {
    if (isDeep(error)) throw error;
    // Once more with a name, which makes it say where.
    strip(source, { sourceUrl: 'script' });
  }
} catch (error) {
  const deep = isDeep(error);
  said = { why: deep ? 'is nested too deep to be read' : String(error?.message).split('\n').find((line) => line.trim() !== '') ?? '', told: String(error?.stack).slice(0, 65536) };
}
process.stdout.write(JSON.stringify(said));
`;

const said = z.union([
  z.object({ code: z.string() }),
  z.object({ missing: z.literal(true) }),
  z.object({
    why: z.string().transform((why) => why.trim().slice(0, 300)),
    told: z.string().default(''),
  }),
]);

/**
 * A script as JavaScript: its types taken out, nothing else changed, so that lines and columns of its faults are those
 * of the file. Works in a process of its own, as the script does. Faults: `recipe-invalid` naming the place;
 * `tool-missing` in a host whose Node cannot take types out; the signal's reason.
 */
export async function compileScript(
  file: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<string> {
  const { stdout } = await readScript(STRIP, bytes, sandbox, signal);
  const answer = readAnswer(stdout) ?? {
    why: 'takes too long or too much memory to be read',
    told: '',
  };
  if ('code' in answer) return answer.code;
  if ('missing' in answer) {
    throw new Fault('tool-missing', 'this host cannot run scripts in TypeScript', {
      hint: 'Use the kiosk or the terminal with the Node that Gongwei brings.',
    });
  }
  const place = readSyntaxError(answer.told);
  const where = place === null ? file : `${file}:${place.line}:${place.column}`;
  throw new Fault('recipe-invalid', `${where}: ${(place?.why ?? answer.why) || 'is no TypeScript'}`, {
    ...(place === null ? {} : { details: { file, line: place.line, column: place.column } }),
    hint: 'Only types that can be taken out are allowed: no enums, no namespaces, no parameter properties.',
  });
}

/** `null` when it said nothing that is an answer. */
function readAnswer(words: string): z.infer<typeof said> | null {
  try {
    return said.safeParse(JSON.parse(words)).data ?? null;
  } catch {
    return null;
  }
}
