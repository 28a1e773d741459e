import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { depth, LONG } from '../support/depth.ts';
import { partOf } from '../support/rotation.ts';
import { ALL_ZERO, torture } from './torture.ts';

/** It ends by itself when nothing goes on (bench/torture/detect-stall.ts). */
const LIMIT_MS = 900_000;

/** A short torture run as a regression test; the long one is `npm run torture`. */
describe('the torture, short', { timeout: LIMIT_MS }, () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'gongwei-short-torture-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('finds nothing when everything is killed at random', async ({ signal }) => {
    const kills = depth({ short: 3, long: 9 });
    const devices = partOf(['at-module', 'described-sha256'], 1);
    const size = ['--kills', `${kills}`, '--units', '3', '--stations', `${devices.length}`, '--slots', '2'];
    const options = [...size, '--devices', devices.join(','), '--seed', 'short'];
    const { status, finished, stderr } = await torture([...options, '--keep', dir], signal);
    expect(finished, stderr).toMatchObject({ ...ALL_ZERO, seed: 'short' });
    expect(finished['kills']).toBeGreaterThanOrEqual(kills);
    expect(finished['units']).toBeGreaterThanOrEqual(3);
    expect(finished['impostures'], 'an impostor tried, and was refused').toBeGreaterThan(5);
    expect(status).toBe(0);
  });

  it.runIf(LONG)(
    'finds nothing when processes are killed at a commit, a message or a forwarded request',
    async ({ signal }) => {
      const options = ['--mode', 'boundaries', '--kills', '5', '--seed', 'short'];
      const { status, finished, stderr } = await torture([...options, '--keep', dir], signal);
      expect(finished, stderr).toMatchObject(ALL_ZERO);
      expect(status).toBe(0);
    },
  );

  it.runIf(LONG)(
    'finds nothing when everything is killed around the registration of units',
    async ({ signal }) => {
      const options = [
        '--registration',
        '--kills',
        '12',
        '--units',
        '3',
        '--stations',
        '1',
        '--seed',
        'short',
      ];
      const { status, finished, stderr } = await torture([...options, '--keep', dir], signal);
      expect(finished, stderr).toMatchObject(ALL_ZERO);
      expect(finished['kills']).toBeGreaterThanOrEqual(12);
      expect(status).toBe(0);
    },
  );

  it.runIf(LONG)('notices a build that makes its intent durable only after the burn', async ({ signal }) => {
    const options = ['--kills', '9', '--units', '2', '--aim', 'sim.committed', '--seed', 'short'];
    const { status, finished, stderr } = await torture(
      [...options, '--mutation', 'late-intent', '--keep', dir],
      signal,
    );
    expect(finished['lostResults'], stderr).toBeGreaterThan(0);
    expect(status).toBe(1);
  });

  it.runIf(LONG)('notices a build that sends an event under another key each time', async ({ signal }) => {
    const options = ['--kills', '6', '--units', '8', '--aim', '/v1/events', '--seed', 'short'];
    const { status, finished, stderr } = await torture(
      [...options, '--mutation', 'no-stable-key', '--keep', dir],
      signal,
    );
    expect(finished['duplicateEvents'], stderr).toBeGreaterThan(0);
    expect(status).toBe(1);
  });
});
