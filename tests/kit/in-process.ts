import { Readable } from 'node:stream';
import { vi } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { CommandEvent, CommandResult } from './command-line.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a command line in this process, one at a time: all that a child would do but its start, which costs a second.
 * Signals, kills and several commands at once need `startCommand`.
 */
export function invoke(...args: readonly string[]): Promise<CommandResult> {
  return invokeWith('', ...args);
}

/** As `invoke`, with this standard input. */
export async function invokeWith(input: string, ...args: readonly string[]): Promise<CommandResult> {
  let stdout = '';
  let stderr = '';
  const before = process.exitCode;
  process.exitCode = undefined;
  const listening = SIGNALS.map((name) => process.listeners(name));
  // A pipe and no terminal, whatever this process has. It gives bytes, as a pipe does.
  const stdin = Readable.from(input === '' ? [] : [Buffer.from(input)], { objectMode: false });
  const spies = [
    vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += String(text);
      return true;
    }),
  ];
  try {
    const status = await runCommandLine(args);
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    return { status, stdout, stderr, events: lines.map((line) => JSON.parse(line) as CommandEvent) };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
    for (const [at, name] of SIGNALS.entries())
      for (const listener of process.listeners(name))
        if (!listening[at]?.includes(listener)) process.off(name, listener);
  }
}
