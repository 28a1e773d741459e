import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { isProcessAlive, runProgram } from '#node-kit/process/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { until } from '../../support/until.ts';

const NODE = process.execPath;

function run(source: string, signal = NEVER_ABORTED, cwd = process.cwd(), lines: string[] = []) {
  const options = { cwd, env: { SECRET: 'only this' }, signal, onLine: (line: string) => lines.push(line) };
  return runProgram(NODE, ['-e', source], options).then((status) => ({ status, lines }));
}

describe('a program', () => {
  it('gives its lines in order, also those that it writes over, and its status', async () => {
    const source = String.raw`process.stdout.write('one\r\n 10 %\r 20 %\r'); process.stdout.write('last');
      process.exitCode = 3;`;
    expect(await run(source)).toEqual({ status: 3, lines: ['one', ' 10 %', ' 20 %', 'last'] });
  });

  it('has the environment that it is given, and no shell', async () => {
    const { lines } = await run(
      `console.log(Object.keys(process.env).filter((name) => !name.startsWith('__')).join())`,
    );
    expect(lines).toEqual(['SECRET']);
    const argument = '$(id) `id` ; id > x';
    const shown: string[] = [];
    const options = { cwd: '/', env: {}, signal: NEVER_ABORTED, onLine: (line: string) => shown.push(line) };
    await runProgram(NODE, ['-e', 'console.log(process.argv[1])', argument], options);
    expect(shown).toEqual([argument]);
  });

  it('of unlimited output takes limited memory', async () => {
    const { status, lines } = await run(
      `process.stdout.write('x'.repeat(5e6) + '\\nend\\n', () => process.exit(0))`,
    );
    expect(status).toBe(0);
    expect(lines.map((line) => line.length)).toEqual([4096, 3]);
  });

  it.runIf(process.platform === 'linux')(
    'is ended with a child that left its group and its parent',
    async () => {
      for (const isStopped of [true, false]) {
        using dir = tempDir('program');
        const stop = new AbortController();
        const child = `require('fs').writeFileSync('child', String(process.pid)); setInterval(() => {}, 1000)`;
        const source = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}],
        { stdio: 'ignore', detached: true }).unref();
        const wait = setInterval(() => {
          if (${String(isStopped)} || !require('fs').existsSync('child')) return;
          clearInterval(wait);
        }, 20)`;
        const running = run(source, stop.signal, dir.path).catch(() => null);
        const file = join(dir.path, 'child');
        await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 'the child');
        if (isStopped) stop.abort();
        await running;
        await until(() => !isProcessAlive(Number(readFileSync(file, 'utf8'))), 'the end of the child');
      }
    },
  );

  it('is ended by its signal with its children, also when it does not want to', async () => {
    using dir = tempDir('program');
    const stop = new AbortController();
    const child = `process.on('SIGTERM', () => {}); require('fs').writeFileSync('child', String(process.pid));
      setInterval(() => {}, 1000)`;
    const source = `process.on('SIGTERM', () => {}); console.log(process.pid);
      require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`;
    const lines: string[] = [];
    const ended = faultOf(() => run(source, stop.signal, dir.path, lines));
    await until(() => lines.length > 0 && existsSync(join(dir.path, 'child')), 'both processes');
    stop.abort();
    expect(await ended).toMatchObject({ code: 'cancelled' });
    await until(() => !isProcessAlive(Number(lines[0])), 'the end of the program');
    const pid = Number(readFileSync(join(dir.path, 'child'), 'utf8'));
    await until(() => pid === 0 || !isProcessAlive(pid), 'the end of its child');
  });

  it('that the system cannot end is left to itself', async () => {
    using dir = tempDir('program');
    const stop = new AbortController();
    const lines: string[] = [];
    const ended = faultOf(() =>
      run('console.log(process.pid); setInterval(() => {}, 1000)', stop.signal, dir.path, lines),
    );
    await until(() => lines.length > 0, 'the program');
    const pid = Number(lines[0]);
    // As while a driver hangs: signals do nothing.
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    try {
      stop.abort();
      expect(await ended).toMatchObject({ code: 'cancelled' });
      expect(isProcessAlive(pid)).toBe(true);
    } finally {
      kill.mockRestore();
      process.kill(pid, 'SIGKILL');
    }
  });

  it('that is not there, or is no program, is a fault', async () => {
    const options = { cwd: '/', env: {}, signal: NEVER_ABORTED, onLine: () => undefined };
    expect(await faultOf(() => runProgram('/nowhere/tool', [], options))).toMatchObject({
      code: 'tool-missing',
    });
    expect(await faultOf(() => runProgram(import.meta.filename, [], options))).toMatchObject({
      code: 'file-denied',
    });
  });
});
