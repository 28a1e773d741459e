import { z } from 'zod';
import { Fault } from '#shared/domain/fault.ts';
import { readScript, readSyntaxError } from './read-script.ts';
import type { ScriptSandbox } from './script-sandbox.ts';

/**
 * Program that removes types, for a process of its own. Some sixty characters keep Node's parser busy for years, and deep
 * nesting leaves it broken for the next call, so it never runs in the station.
 */
const STRIP = String.raw`
import * as nodeModule from 'node:module';
const parts = [];
for await (const part of process.stdin) parts.push(part);
let output = {};
function isDeep(error) {
  return error instanceof RangeError || error?.code === 'ERR_INTERNAL_ASSERTION';
}
try {
  const source = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  const strip = nodeModule.stripTypeScriptTypes;
  try {
    output = strip === undefined ? { missing: true } : { code: strip(source) };
  } catch (error) {
    if (isDeep(error)) throw error;
    // Once more with a name: then the message has the position.
    strip(source, { sourceUrl: 'script' });
  }
} catch (error) {
  const deep = isDeep(error);
  output = { message: deep ? 'is nested too deep to be read' : String(error?.message).split('\n').find((line) => line.trim() !== '') ?? '', stack: String(error?.stack).slice(0, 65536) };
}
process.stdout.write(JSON.stringify(output));
`;

const stripperOutput = z.union([
  z.object({ code: z.string() }),
  z.object({ missing: z.literal(true) }),
  z.object({
    message: z.string().transform((message) => message.trim().slice(0, 300)),
    /** Stack of the error, whose first lines name the position. */
    stack: z.string().default(''),
  }),
]);

/**
 * Yielder a script into JavaScript by replacing its types with blanks, so that positions of its faults are those of the file.
 * Works in a process of its own. Faults: `recipe-invalid` that names the position; `tool-missing` in a host whose Node
 * cannot remove types; the signal's reason.
 */
export async function compileScript(
  file: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<string> {
  const { stdout } = await readScript(STRIP, bytes, sandbox, signal);
  const answer = readAnswer(stdout) ?? {
    message: 'takes too long or too much memory to be read',
    stack: '',
  };
  if ('code' in answer) return answer.code;
  if ('missing' in answer) {
    throw new Fault('tool-missing', 'this host cannot run scripts in TypeScript', {
      hint: 'Use the kiosk or the terminal with the Node that Gongwei brings.',
    });
  }
  const problem = readSyntaxError(answer.stack);
  const where = problem === null ? file : `${file}:${problem.line}:${problem.column}`;
  throw new Fault(
    'recipe-invalid',
    `${where}: ${(problem?.message ?? answer.message) || 'is not TypeScript'}`,
    {
      ...(problem === null ? {} : { details: { file, line: problem.line, column: problem.column } }),
      hint: 'Only types that can be taken out are allowed: no enums, no namespaces, no parameter properties.',
    },
  );
}

/** `null` for output of another shape. */
function readAnswer(text: string): z.infer<typeof stripperOutput> | null {
  try {
    return stripperOutput.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
