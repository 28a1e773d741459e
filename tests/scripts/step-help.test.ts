import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { partOf } from '../support/rotation.ts';

const ROOT = join(import.meta.dirname, '../..');
const FILES: Readonly<Record<string, string>> = {
  start: 'scripts/steps/start.ts',
  test: 'scripts/steps/test.ts',
  check: 'scripts/steps/check.ts',
  build: 'scripts/steps/build.ts',
  bench: 'bench/main.ts',
  torture: 'bench/torture.ts',
  fuzz: 'bench/fuzz.ts',
  dist: 'scripts/steps/dist.ts',
  screens: 'scripts/steps/screens.ts',
  docs: 'scripts/steps/docs.ts',
  format: 'scripts/steps/format.ts',
};
/** Steps that are the command line, whose help is tested in tests/cli. */
const COMMAND_LINE = ['gongwei', 'demo'];
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
const NAMES = Object.keys(scripts);

async function run(
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

describe.concurrent('a step of the repository', () => {
  it.each(partOf(Object.entries(FILES), 3))(
    '%s prints its usage and does nothing else',
    async (name, file) => {
      const { status, stdout, stderr } = await run([file, '--help']);
      const [first] = stdout.split('\n');
      expect(first).toMatch(name === 'start' ? /^Usage: gongwei start/ : new RegExp(`^npm (run )?${name} `));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it.each(partOf(['bench/main.ts', 'bench/fuzz.ts', 'bench/torture.ts', 'scripts/steps/docs.ts'], 1))(
    '%s refuses an unknown option with its usage',
    async (file) => {
      const { status, stdout, stderr } = await run([file, '--hlep']);
      expect(stderr).toMatch(/^Unknown option '--hlep'\nnpm run /);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    },
  );

  it('is tested here', () => {
    expect([...Object.keys(FILES), ...COMMAND_LINE].toSorted()).toEqual(NAMES.toSorted());
  });

  it('lists all steps when its name is missing', async () => {
    const { status, stdout } = await run(['scripts/run.mjs', '--help']);
    expect(status).toBe(0);
    for (const name of NAMES) expect(stdout).toContain(`  ${name}`);
  });
});
