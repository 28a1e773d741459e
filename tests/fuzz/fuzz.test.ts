import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BROKEN = fileURLToPath(new URL('./broken-targets.ts', import.meta.url));

async function fuzz(
  ...args: string[]
): Promise<{ status: number | null; event: Record<string, unknown>; said: string }> {
  const child = spawn(process.execPath, ['bench/fuzz.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, event: JSON.parse(out) as Record<string, unknown>, said };
}

test('readers of recipes, frames, replies, models, codes and tables take whatever comes', async () => {
  const { status, event, said } = await fuzz('--seconds', '3');
  expect(event, said).toMatchObject({ event: 'fuzz.finished', crashes: 0, hangs: 0 });
  expect(event['inputs']).toBeGreaterThan(0);
  expect(status).toBe(0);
});

test('a reader that throws and one that hangs are found', async () => {
  const { status, event } = await fuzz('--seconds', '8', '--seed', 'planted', '--targets', BROKEN);
  expect(event['crashes']).toBeGreaterThan(0);
  expect(event['hangs']).toBeGreaterThan(0);
  expect(status).toBe(1);
});
