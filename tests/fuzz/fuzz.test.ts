import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { inspectRecipe } from '#station';
import { depth } from '../support/depth.ts';
import { RECIPE_FILES, TARGETS } from '../../bench/fuzz/targets.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BROKEN = fileURLToPath(new URL('./broken-targets.ts', import.meta.url));
const LOADS_ONCE = fileURLToPath(new URL('./loads-once.ts', import.meta.url));

async function fuzz(
  ...args: string[]
): Promise<{ status: number | null; event: Record<string, unknown> | null; said: string }> {
  const child = spawn(process.execPath, ['bench/fuzz.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, event: out === '' ? null : (JSON.parse(out) as Record<string, unknown>), said };
}

test('readers of recipes, frames, replies, models, codes, tables and flash take whatever comes', async () => {
  const { status, event, said } = await fuzz('--seconds', String(depth({ short: 1, long: 3 })));
  expect(event, said).toMatchObject({ event: 'fuzz.finished', crashes: 0, hangs: 0 });
  expect(event?.['inputs']).toBeGreaterThan(0);
  expect(event?.['heapGrowthBytes']).toEqual(expect.any(Number));
  expect(status).toBe(0);
});

test('a reader that throws and one that hangs are found', async () => {
  const { status, event } = await fuzz(
    '--seconds',
    '4',
    '--hang-ms',
    '500',
    '--seed',
    'planted',
    '--targets',
    BROKEN,
  );
  expect(event?.['crashes']).toBeGreaterThan(0);
  expect(event?.['hangs']).toBeGreaterThan(0);
  expect(status).toBe(1);
});

test('a restarted worker whose targets cannot be loaded is an error and no finding', async () => {
  const { status, event, said } = await fuzz(
    '--seconds',
    '60',
    '--hang-ms',
    '500',
    '--seed',
    'planted',
    '--targets',
    LOADS_ONCE,
  );
  expect(said.match(/hang of hangs at round/g)).toHaveLength(1);
  expect(said).toContain('the targets cannot be loaded: loaded by a second worker');
  expect({ status, event }).toEqual({ status: 2, event: null });
});

test('the recipes that are mutated are valid', () => {
  const seeds = TARGETS.find(({ name }) => name === 'recipe')?.seeds ?? [];
  expect(seeds.length).toBeGreaterThan(1);
  for (const seed of seeds)
    expect(inspectRecipe(Buffer.from(seed).toString('utf8'), RECIPE_FILES).issues).toEqual([]);
});
