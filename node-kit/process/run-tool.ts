import { spawn } from 'node:child_process';
import { Fault, abortFault } from '#shared/domain/fault.ts';
import { hasErrno } from '../files/index.ts';

export interface ToolRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToolOptions {
  /** Its standard input; none when left out. */
  readonly input?: Uint8Array;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A tool of the operating system prints little; more than this is cut off. */
const MAX_OUTPUT_BYTES = 1_000_000;

/**
 * Runs a tool of the operating system without a shell, with the texts of its output. The signal ends the tool. Its
 * messages are English (`LC_ALL=C`).
 *
 * ```ts
 * const { status, stdout } = await runTool('lpstat', ['-p'], { signal });
 * ```
 *
 * Faults: `tool-missing`, the signal's reason.
 */
export function runTool(
  file: string,
  args: readonly string[],
  { input, env, signal }: ToolOptions,
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(abortFault(signal));
    const child = spawn(file, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env, LC_ALL: 'C', LANGUAGE: 'C' },
      windowsHide: true,
    });
    const stop = (): void => void child.kill();
    signal.addEventListener('abort', stop, { once: true });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (texts[name].length < MAX_OUTPUT_BYTES) texts[name] += text;
      });
    child.once('error', (cause) => {
      signal.removeEventListener('abort', stop);
      reject(
        hasErrno(cause, 'ENOENT')
          ? new Fault('tool-missing', `there is no program ${file} on this computer`, {
              hint: 'Install it, or let the administrator of this computer do so.',
              details: { tool: file },
              cause,
            })
          : cause,
      );
    });
    child.once('close', (status) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) reject(abortFault(signal));
      else resolve({ status, ...texts });
    });
    // A tool that ends early does not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? new Uint8Array());
  });
}
