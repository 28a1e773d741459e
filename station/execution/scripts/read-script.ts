import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ScriptSandbox } from './script-sandbox.ts';
import { startScript } from './start-script.ts';

/** What reads a program takes a blink for one that a person wrote. */
const LONGEST_MS = 10_000;
/** A source may become longer by the escapes of JSON. */
const GROWTH = 8;
const MOST_STDERR_CHARACTERS = 65_536;

/** What a reader said on its outputs until it ended. */
export interface ReaderOutput {
  readonly stdout: string;
  /** Why it died, if it did. */
  readonly stderr: string;
}

/**
 * Gives the bytes of a script to a program that reads them, in a process of its own: some sixty characters keep Node's
 * parser busy for years, and deep nesting leaves it broken for whoever asks it next. Faults: `tool-missing`; the signal's
 * reason.
 *
 * @param reader the text of the program, which reads standard input
 */
export async function readScript(
  reader: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
): Promise<ReaderOutput> {
  throwIfAborted(signal);
  const child = startScript(sandbox, reader);
  const over = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  const stop = (): void => void child.kill('SIGKILL');
  over.addEventListener('abort', stop, { once: true });
  const mostBytes = GROWTH * bytes.length + 65_536;
  const parts: Buffer[] = [];
  let heard = 0;
  child.stdout.on('data', (part: Buffer) => {
    heard += part.length;
    if (heard > mostBytes) return stop();
    parts.push(part);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MOST_STDERR_CHARACTERS) stderr += text;
  });
  // It may be gone when it is told something, and nobody reads why.
  child.stdin.on('error', () => undefined);
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
  return { stdout: Buffer.concat(parts).toString('utf8'), stderr };
}

export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

const LONGEST_WHY = 200;

/**
 * Reads how Node tells a syntax error: `NAME:LINE`, the line, a line with `^` below the place, `SyntaxError: why`. The
 * line of the script itself, which may be all of it, is left out.
 */
export function readSyntaxError(told: string): SyntaxProblem | null {
  const lines = told.split(/\r?\n/);
  const line = /^.{0,256}:(\d{1,9})$/.exec(lines[0] ?? '')?.[1];
  const why = lines.map((text) => /^SyntaxError(?: \[\w+\])?: (.*)$/.exec(text)?.[1]).find(Boolean);
  if (line === undefined || why === undefined) return null;
  const caret = lines.slice(1).find((text) => /^\s*\^+\s*$/.test(text));
  const column = caret === undefined ? 1 : caret.indexOf('^') + 1;
  return { line: Number(line), column, why: why.trim().slice(0, LONGEST_WHY) };
}
