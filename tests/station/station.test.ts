import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodePlatform, createStation, isStationRunning, type Platform } from '#station';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { manualClock } from '../support/manual-clock.ts';
import { tempDir } from '../support/temp-dir.ts';

const CONFIG = { slots: [], appVersion: '0.0.0-test', autoSync: false, control: true } as const;

let dir: ReturnType<typeof tempDir>;
beforeEach(() => (dir = tempDir('station-life')));
afterEach(() => dir[Symbol.dispose]());

/** Randomness that fails at the second request for 16 bytes: the first names this start, the second the control socket. */
function failingRandom(platform: Platform): Platform {
  let requests = 0;
  return {
    ...platform,
    random: {
      id: () => platform.random.id(),
      bytes(count) {
        if (count === 16 && ++requests === 2) throw new Error('no randomness is left');
        return platform.random.bytes(count);
      },
    },
  };
}

describe('the life of a station', () => {
  it('gives the data directory free when its start fails at the last part', async () => {
    const clock = manualClock();
    const logged: string[] = [];
    const node = createNodePlatform(dir.path, {
      clock,
      log: { info: (event) => void logged.push(event), warn: () => undefined, error: () => undefined },
    });
    // The control socket is opened last.
    await expect(createStation(failingRandom(node), CONFIG)).rejects.toThrow('no randomness is left');

    expect(logged).toContain('station.started');
    expect(logged).not.toContain('station.closed');
    // Every wait has ended: for arriving units, for the next try of the sync, for an idle session.
    expect(clock.sleepers).toBe(0);
    openStationDatabase(dir.path).close();
    const station = await createStation(node, CONFIG);
    await station.close();
  });

  it('gives the data directory free when its start fails early', async () => {
    const node = createNodePlatform(dir.path);
    const broken: Platform = {
      ...node,
      secretBox: { ...node.secretBox, kind: 'broken', wrap: () => Promise.reject(new Error('no key')) },
    };
    await expect(createStation(broken, CONFIG)).rejects.toThrow('no key');
    openStationDatabase(dir.path).close();
  });

  it('closes everything else when one part cannot be closed', async () => {
    const clock = manualClock();
    const station = await createStation(createNodePlatform(dir.path, { clock }), CONFIG);
    expect(await isStationRunning(dir.path)).toBe(true);
    // The file that names the control socket is a directory now: it cannot be removed as a file.
    const file = join(dir.path, 'control.json');
    rmSync(file);
    mkdirSync(file);

    await expect(station.close()).rejects.toThrow();

    expect(clock.sleepers).toBe(0);
    expect(() => station.database.meta.get('station.name')).toThrow(/not open/);
    rmSync(file, { recursive: true });
    const again = await createStation(createNodePlatform(dir.path, { clock }), CONFIG);
    await again.close();
  });
});
