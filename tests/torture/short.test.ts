import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LONG } from '../support/depth.ts';
import { ALL_ZERO, torture } from './torture.ts';

const PATIENCE_MS = 180_000;

/** A short torture run as a regression test; the long one is `npm run torture`. */
describe('the torture, short', () => {
  let dir: string;
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'gongwei-short-torture-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it(
    'finds nothing when everything is killed at random',
    async () => {
      const size = ['--kills', '9', '--units', '3', '--stations', '2', '--slots', '2'];
      const options = [...size, '--devices', 'at-module,described-sha256', '--seed', 'short'];
      const { status, finished, stderr } = await torture([...options, '--keep', dir]);
      expect(finished, stderr).toMatchObject({ ...ALL_ZERO, seed: 'short' });
      expect(finished['kills']).toBeGreaterThanOrEqual(9);
      expect(finished['units']).toBeGreaterThanOrEqual(3);
      expect(finished['impostures'], 'an impostor tried, and was refused').toBeGreaterThan(5);
      expect(status).toBe(0);
    },
    PATIENCE_MS,
  );

  it.runIf(LONG)(
    'finds nothing when processes are killed at a commit, a message or a forwarded request',
    async () => {
      const options = ['--mode', 'boundaries', '--kills', '5', '--seed', 'short'];
      const { status, finished, stderr } = await torture([...options, '--keep', dir]);
      expect(finished, stderr).toMatchObject(ALL_ZERO);
      expect(status).toBe(0);
    },
    PATIENCE_MS,
  );

  it.runIf(LONG)(
    'notices a build that makes its intent durable only after the burn',
    async () => {
      const options = ['--kills', '9', '--units', '2', '--aim', 'sim.committed', '--seed', 'short'];
      const { status, finished, stderr } = await torture([
        ...options,
        '--mutation',
        'late-intent',
        '--keep',
        dir,
      ]);
      expect(finished['lostResults'], stderr).toBeGreaterThan(0);
      expect(status).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'notices a build that sends an event under another key each time',
    async () => {
      const options = ['--kills', '6', '--units', '8', '--aim', '/v1/events', '--seed', 'short'];
      const { status, finished, stderr } = await torture([
        ...options,
        '--mutation',
        'no-stable-key',
        '--keep',
        dir,
      ]);
      expect(finished['duplicateEvents'], stderr).toBeGreaterThan(0);
      expect(status).toBe(1);
    },
    PATIENCE_MS,
  );
});
