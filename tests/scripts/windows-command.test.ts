import { join } from 'node:path';
import { expect, test } from 'vitest';

const { windowsCommandLine } = (await import(
  join(import.meta.dirname, '../../scripts/setup/windows-command.mjs')
)) as { windowsCommandLine: (file: string, args: readonly string[]) => string };

test('a command line for cmd.exe keeps folders with blanks and Chinese names whole', () => {
  expect(windowsCommandLine('npm', ['ci', '--no-audit', '--loglevel=error'])).toBe(
    'npm ci --no-audit --loglevel=error',
  );
  expect(
    windowsCommandLine('D:\\工位 线\\node_modules\\.bin\\vite.cmd', ['build', '--outDir', 'D:\\out dir\\']),
  ).toBe('"D:\\工位 线\\node_modules\\.bin\\vite.cmd" build --outDir "D:\\out dir\\\\"');
  expect(windowsCommandLine('C:\\a&b\\x.cmd', ['(1)'])).toBe('"C:\\a&b\\x.cmd" "(1)"');
  expect(() => windowsCommandLine('x', ['%PATH%'])).toThrow('cannot be given');
});
