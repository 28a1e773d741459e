import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../../../support/temp-dir.ts';

const MAIN = join(import.meta.dirname, '../../../../../out/cli/main.js');

function run(args: readonly string[]): Promise<{ status: number | null; stdout: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout) =>
      resolve({ status: child.exitCode, stdout }),
    );
  });
}

test.each([
  ['uart:/dev/gongwei-nowhere', 3, 'ble-missing'],
  ['bluetooth', 2, 'bad-input'],
])('"run --ble %s" is over before anything begins, with one line', async (adapter, status, code) => {
  using folder = tempDir();
  const data = join(folder.path, 'data');
  const args = ['run', '--batch', 'b', '--slot', '/dev/null', '--ble', adapter, '--data', data, '--json'];
  const ended = await run(args);
  expect(ended.status).toBe(status);
  const lines = ended.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { event: 'error', code, message: expect.any(String) as string, hint: expect.any(String) as string },
  ]);
  expect(existsSync(data)).toBe(false);
});
