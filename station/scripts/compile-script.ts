import { z } from 'zod';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ScriptFence } from './script-fence.ts';
import { startScript } from './start-script.ts';

/** What reads a program takes a blink for one that a person wrote. */
const LONGEST_MS = 10_000;
/** A source may become longer by the escapes of JSON. */
const GROWTH = 8;

/**
 * What runs in the process that takes types out, as the text that is sent there. Some sixty characters keep Node's own
 * parser busy for years, and deep nesting leaves it broken for whoever asks it next: so it never runs in the station.
 */
const STRIP = String.raw`
import * as nodeModule from 'node:module';
const parts = [];
for await (const part of process.stdin) parts.push(part);
let said = {};
try {
  const source = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  const strip = nodeModule.stripTypeScriptTypes;
  said = strip === undefined ? { missing: true } : { code: strip(source) };
} catch (error) {
  const deep = error instanceof RangeError || error?.code === 'ERR_INTERNAL_ASSERTION';
  said = { why: deep ? 'is nested too deep to be read' : String(error?.message).split('\n').find((line) => line.trim() !== '') ?? '' };
}
process.stdout.write(JSON.stringify(said));
`;

const said = z.union([
  z.object({ code: z.string() }),
  z.object({ missing: z.literal(true) }),
  z.object({ why: z.string().transform((why) => why.trim().slice(0, 300)) }),
]);

/**
 * A script as JavaScript: its types taken out, nothing else changed, so that lines and columns of its faults are those
 * of the file. Works in a process of its own, as the script does. Faults: `recipe-invalid` naming the place;
 * `tool-missing` in a host whose Node cannot take types out; the signal's reason.
 */
export async function compileScript(
  file: string,
  bytes: Uint8Array,
  fence: ScriptFence,
  signal: AbortSignal,
): Promise<string> {
  throwIfAborted(signal);
  const child = startScript(fence, STRIP);
  const over = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const stop = (): void => void child.kill('SIGKILL');
  over.addEventListener('abort', stop, { once: true });
  const mostBytes = GROWTH * bytes.length + 65_536;
  const parts: Buffer[] = [];
  let heard = 0;
  child.stdout.on('data', (part: Buffer) => {
    heard += part.length;
    if (heard > mostBytes) stop();
    else parts.push(part);
  });
  // It may be gone when it is told something, and nobody reads why.
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  const ended = new Promise<void>((resolve, reject) => {
    child.on('close', () => resolve());
    child.on('error', (cause) =>
      reject(new Fault('tool-missing', 'the process for scripts does not start', { cause })),
    );
  });
  child.stdin.end(bytes);
  try {
    await ended;
  } finally {
    over.removeEventListener('abort', stop);
    stop();
  }
  throwIfAborted(signal);
  const answer = readAnswer(Buffer.concat(parts).toString('utf8')) ?? {
    why: 'takes too long or too much memory to be read',
  };
  if ('code' in answer) return answer.code;
  if ('missing' in answer) {
    throw new Fault('tool-missing', 'this host cannot run scripts in TypeScript', {
      hint: 'Use the kiosk or the terminal with the Node that Gongwei brings.',
    });
  }
  throw new Fault('recipe-invalid', `${file}: ${answer.why || 'is no TypeScript'}`, {
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
