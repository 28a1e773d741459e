import { vi } from 'vitest';
import { runCommandLine } from '../../cli/command-line.ts';
import type { Ended, Said } from './command-line.ts';

/**
 * One command line after the other in this process: all that a child would do but its start, which costs a second.
 * What a process alone can show (signals, kills, several at once) is tested with real ones.
 */
export async function invoke(...args: readonly string[]): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const before = process.exitCode;
  process.exitCode = undefined;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listening = signals.map((name) => process.listeners(name));
  const spies = [
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
    return { status, stdout, stderr, events: lines.map((line) => JSON.parse(line) as Said) };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = before;
    for (const [at, name] of signals.entries())
      for (const listener of process.listeners(name))
        if (!listening[at]?.includes(listener)) process.off(name, listener);
  }
}
