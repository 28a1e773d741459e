import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/setup/run-in-place.mjs';
import { STEPS } from '../../scripts/steps.mjs';

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

/** `gongwei` and `demo` are the command line, whose help is tested in tests/cli. */
const NAMES = Object.keys(STEPS).filter((name) => name !== 'gongwei' && name !== 'demo');

describe.concurrent('a step of the repository', () => {
  it.each(NAMES)('%s prints its usage and does nothing else', async (name) => {
    const { status, stdout, stderr } = await run([...(STEPS[name]?.command ?? []), '--help']);
    const [first] = stdout.split('\n');
    expect(first).toMatch(name === 'start' ? /^Usage: gongwei start/ : new RegExp(`^npm (run )?${name} `));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.each(['bench/main.ts', 'bench/fuzz.ts', 'bench/torture.ts', 'scripts/steps/docs.ts'])(
    '%s refuses an unknown option with its usage',
    async (file) => {
      const { status, stdout, stderr } = await run([file, '--hlep']);
      expect(stderr).toMatch(/^Unknown option '--hlep'\nnpm run /);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    },
  );

  it('lists all steps when its name is missing', async () => {
    const { status, stdout } = await run(['scripts/run.mjs', '--help']);
    expect(status).toBe(0);
    for (const name of Object.keys(STEPS)) expect(stdout).toContain(`  ${name}`);
  });
});
