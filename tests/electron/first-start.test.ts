import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { TestRegistry } from '../kit/registry.ts';
import { simulated } from '../kit/units.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';
import type { FirstStartInput, FirstStartSeen } from './live/first-start-child.ts';
import { ROOT } from './play-scene.ts';
import { partOf } from '../support/rotation.ts';

const LIVE = join(import.meta.dirname, 'live');
const PRODUCT = 'GWDEMO0001';

beforeAll(async () => {
  await ensureBundle('pages');
  await ensureBundle('electron');
  await ensureBundle('cli');
});

/** Starts the built desktop over the stand-in of Electron, whose windows are pages of Chromium. */
async function playFirstDay(input: FirstStartInput): Promise<FirstStartSeen> {
  const args = ['--import', join(LIVE, 'register.ts'), join(LIVE, 'first-start-child.ts')];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    timeout: 3 * PATIENCE_MS,
    env: { ...process.env, FIRST_START: JSON.stringify(input) },
  });
  return JSON.parse(stdout) as FirstStartSeen;
}

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const NAMES = [
  ['zh-CN', '陈静'],
  ['en', 'Ana'],
] as const;

test.each(partOf(NAMES, 1))(
  'the built desktop leads from an empty data directory to the first PASS, in %s',
  async (locale, name) => {
    using dir = tempDir('desktop');
    const dataDir = join(dir.path, 'station');
    await using registry = await TestRegistry.start(dir.path);
    registry.seed(5, PRODUCT);
    await using units = await simulated(1, { timeScale: 0 })(dir.path, registry.service.mqtt);
    const serialNumber = units.serialOf(1) ?? '';
    const seen = await playFirstDay({
      locale,
      dataDir,
      slots: units.slots.map(({ portPath }) => portPath),
      day: {
        engineer: { name, pin: '864209' },
        stationName: 'L3-07',
        registry: { url: registry.service.http, token: registry.service.enrolmentToken },
        productId: PRODUCT,
        recipe: await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8'),
        serialNumber,
      },
    });
    expect(seen.problems).toEqual([]);
    expect(seen.address).toMatch(/^app:\/\/gongwei\//);
    expect(seen.bridge).toEqual(['connect', 'openUploadPort']);
    expect(seen.office).toContain(name);

    // The records of the station, and the unit, which has the identity that they say it has.
    const { runs, audit } = seen.records;
    const deviceName = units.simulator.inner.flashOf(1).identity?.deviceName ?? '';
    expect(registry.secrets.has(deviceName)).toBe(true);
    expect(lines(runs)).toMatchObject([{ serialNumber, deviceName, outcome: 'PASS' }]);
    expect(lines(audit)).toMatchObject([{ violations: [] }]);
  },
);
