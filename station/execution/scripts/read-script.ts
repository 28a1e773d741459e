import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { cpuLimitCommand, type ScriptSandbox } from './script-sandbox.ts';
import { startScript } from './start-script.ts';

export interface ReadLimits {
  /** Time of a processor, in whole seconds; without effect where the system has no such limit (Windows). */
  readonly cpuSeconds: number;
  /** Time that passes, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Reading a script that a person wrote takes a part of a second of a processor. The limit of time that passes is for systems without
 * the other limit; a busy computer needs many times the time of the processor.
 */
const LIMITS: ReadLimits = { cpuSeconds: 10, timeoutMs: 120_000 };
/** Escapes of JSON make the output longer than the source. */
const MAX_GROWTH = 8;
const MAX_STDERR_CHARACTERS = 65_536;

/** Output of a reader. */
export interface ReaderOutput {
  readonly stdout: string;
  /** Message of Node, if the reader crashed. */
  readonly stderr: string;
}

/**
 * Runs a program that reads the bytes of a script, in a process of its own, because Node's parser may take years for a few
 * characters. Output after its limits of time and length is cut off. Faults: `tool-missing`; the signal's reason.
 *
 * @param reader source of the program, which reads standard input
 */
export async function readScript(
  reader: string,
  bytes: Uint8Array,
  sandbox: ScriptSandbox,
  signal: AbortSignal,
  { cpuSeconds, timeoutMs }: ReadLimits = LIMITS,
): Promise<ReaderOutput> {
  throwIfAborted(signal);
  const command = [...cpuLimitCommand(cpuSeconds), ...sandbox.command];
  const child = startScript({ ...sandbox, command }, reader);
  const aborted = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const stop = (): void => void child.kill('SIGKILL');
  aborted.addEventListener('abort', stop, { once: true });
  const maxBytes = MAX_GROWTH * bytes.length + 65_536;
  const parts: Buffer[] = [];
  let received = 0;
  child.stdout.on('data', (part: Buffer) => {
    received += part.length;
    if (received > maxBytes) return stop();
    parts.push(part);
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MAX_STDERR_CHARACTERS) stderr += text;
  });
  // The process may have ended already.
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
    aborted.removeEventListener('abort', stop);
    stop();
  }
  throwIfAborted(signal);
  return { stdout: Buffer.concat(parts).toString('utf8'), stderr };
}

export interface SyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const MAX_MESSAGE_CHARACTERS = 200;

/**
 * Reads a syntax error as Node prints it: `NAME:LINE`, the source line, a line with `^` below the position, `SyntaxError:
 * message`. Leaves out the source line, which may be the whole script.
 */
export function readSyntaxError(output: string): SyntaxProblem | null {
  const lines = output.split(/\r?\n/);
  const line = /^.{0,256}:(\d{1,9})$/.exec(lines[0] ?? '')?.[1];
  const message = lines.map((text) => /^SyntaxError(?: \[\w+\])?: (.*)$/.exec(text)?.[1]).find(Boolean);
  if (line === undefined || message === undefined) return null;
  const caret = lines.slice(1).find((text) => /^\s*\^+\s*$/.test(text));
  const column = caret === undefined ? 1 : caret.indexOf('^') + 1;
  return { line: Number(line), column, message: message.trim().slice(0, MAX_MESSAGE_CHARACTERS) };
}
