import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const COMPILER = join(import.meta.dirname, '../../../station/scripts/compile-script.ts');

it('takes the types out without a word on standard error', () => {
  const program = `
    import { compileScript } from ${JSON.stringify(COMPILER)};
    process.stdout.write(compileScript('a.ts', Buffer.from('const a: number = 1;')));
    process.emitWarning('heard again');`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stdout).toBe('const a         = 1;');
  expect(stderr).toContain('heard again');
  expect(stderr).not.toContain('Experimental');
});
