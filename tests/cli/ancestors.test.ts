import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, vi } from 'vitest';
import { watchAncestors } from '../../cli/watch-ancestors.ts';
import { childrenOf, isAlive } from '../support/processes.ts';

const ROOT = join(import.meta.dirname, '../..');
const RUN = join(ROOT, 'scripts/run.mjs');
const { ancestors } = (await import(join(ROOT, 'scripts/setup/ancestors.mjs'))) as {
  ancestors: (self: number, env: NodeJS.ProcessEnv) => string;
};

/** As npm does: a process that is killed, a shell below it that forwards nothing, and the program below that. */
async function underNpm(args: string): Promise<{ npm: ChildProcess; program: number }> {
  const npm = spawn(
    process.execPath,
    [
      '-e',
      `const { spawn } = require('node:child_process');
       const shell = spawn('sh', ['-c', process.argv[1] + '; true'], { stdio: 'inherit' });
       process.on('SIGTERM', () => { shell.kill('SIGTERM'); process.exit(143); });`,
      `"${process.execPath}" "${RUN}" ${args}`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, npm_lifecycle_event: 'gongwei' } },
  );
  if (npm.stdout === null) throw new Error('no output');
  const [line] = (await once(createInterface(npm.stdout), 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ event: 'sim.listening' });
  const [shell = 0] = childrenOf(npm.pid ?? 0);
  const [program = 0] = childrenOf(shell);
  return { npm, program };
}

describe.runIf(process.platform === 'linux')('a program that npm started', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('ends when npm does by %s', async (signal) => {
    const { npm, program } = await underNpm('gongwei sim units --profile at-module --count 1 --json');
    expect(isAlive(program)).toBe(true);
    npm.kill(signal);
    await expect.poll(() => isAlive(program)).toBe(false);
  });
});

describe('the watched process', () => {
  it('is npm and its shell if npm started it, and no process if a person did', () => {
    expect(ancestors(0, {})).toBe('');
    expect(ancestors(77, {})).toBe('77');
    expect(ancestors(77, { GONGWEI_ANCESTORS: '5,77' })).toBe('5,77');
    const byNpm = ancestors(0, { npm_lifecycle_event: 'start' }).split(',').map(Number);
    expect(byNpm[0]).toBe(process.ppid);
  });

  it('is reported once when it ends; without one nothing is watched', async () => {
    vi.useFakeTimers();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    try {
      let ends = 0;
      const env = { GONGWEI_ANCESTORS: `${process.pid},${String(child.pid)}` };
      using _watched = watchAncestors(env, () => (ends += 1), 10);
      using _nobody = watchAncestors({ GONGWEI_ANCESTORS: 'x,,1' }, () => (ends += 100), 10);
      vi.advanceTimersByTime(1_000);
      expect(ends).toBe(0);
      child.kill('SIGKILL');
      await once(child, 'exit');
      vi.advanceTimersByTime(1_000);
      expect(ends).toBe(1);
    } finally {
      child.kill('SIGKILL');
      vi.useRealTimers();
    }
  });
});
