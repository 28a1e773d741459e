import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CliProcess, startCliProcess } from '../../../cli/sample-line/cli-process.ts';
import { tempDir } from '../../support/temp-dir.ts';

const LONG_MS = 60_000;
const dir = tempDir('child');
afterAll(() => dir[Symbol.dispose]());

/** Says that it is ready, then `echo` of every line it gets; ends as it is told. */
const PROGRAM = join(dir.path, 'child.mjs');
writeFileSync(
  PROGRAM,
  `import { createInterface } from 'node:readline';
const say = (event) => process.stdout.write(JSON.stringify(event) + '\\n');
createInterface({ input: process.stdin }).on('line', (line) => {
  const { fail, ...rest } = JSON.parse(line);
  if (fail === undefined) return say({ event: 'echo', ...rest });
  process.stderr.write('first line\\n' + fail + '\\n', () => process.exit(3));
});
say({ event: 'ready' });`,
);

async function ready(): Promise<CliProcess> {
  const child = startCliProcess(['sim', 'units', '--json'], PROGRAM);
  await child.waitFor(({ event }) => event === 'ready', LONG_MS);
  return child;
}

describe('a process of the sample line', () => {
  it('is awaited by its output, now or before', async () => {
    await using child = await ready();
    await child.waitFor(({ event }) => event === 'ready', 1);
    const echo = child.next(({ event }) => event === 'echo', LONG_MS);
    child.send({ at: 1 });
    expect(await echo).toEqual({ event: 'echo', at: 1 });
    await expect(child.next(({ event }) => event === 'never', 1)).rejects.toMatchObject({ code: 'timeout' });
    expect(child.exitSignal.aborted).toBe(false);
  });

  it('that is killed ends every wait, also later ones, with one line', async () => {
    await using child = await ready();
    const waits = [child.next(() => false, LONG_MS), child.waitFor(() => false, LONG_MS)];
    process.kill(child.pid, 'SIGKILL');
    const fault = { code: 'tool-missing', message: '"sim units" ended by SIGKILL: it printed no message' };
    await Promise.all(waits.map((wait) => expect(wait).rejects.toMatchObject(fault)));
    expect(child.exitSignal.reason).toMatchObject(fault);
    // Nobody hears it any more, and nobody is hurt.
    child.send({ place: {} });
    await expect(child.next(() => true, LONG_MS)).rejects.toMatchObject(fault);
  });

  it('that fails is quoted', async () => {
    await using child = await ready();
    const wait = child.next(() => false, LONG_MS);
    child.send({ fail: 'the port is taken' });
    await expect(wait).rejects.toMatchObject({ message: '"sim units" ended: the port is taken' });
  });

  it('that cannot be started is reported', async () => {
    await using child = startCliProcess(['sim', 'units'], join(dir.path, 'missing.mjs'));
    await expect(child.waitFor(() => true, LONG_MS)).rejects.toMatchObject({ code: 'tool-missing' });
  });

  it('is not reported as dead after it was stopped; waits for it end', async () => {
    const child = await ready();
    const wait = child.next(() => false, LONG_MS);
    const refused = expect(wait).rejects.toMatchObject({ code: 'tool-missing' });
    await child[Symbol.asyncDispose]();
    await refused;
    expect(child.exitSignal.aborted).toBe(false);
  });
});
