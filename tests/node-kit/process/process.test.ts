import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { isProcessAlive, processMark } from '../../../node-kit/process/index.ts';

test('a process is alive until it has ended, and has one mark until then', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pid = child.pid ?? 0;
  const exited = once(child, 'exit');
  expect(isProcessAlive(pid)).toBe(true);
  if (process.platform !== 'win32') {
    expect(processMark(pid)).not.toBeNull();
    expect(processMark(pid)).toBe(processMark(pid));
  }
  child.stdin.end();
  await exited;
  expect(isProcessAlive(pid)).toBe(false);
  expect(processMark(pid)).toBeNull();
  expect(isProcessAlive(process.pid)).toBe(true);
});
