import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makePackage } from '#simulator';
import { hashPin } from '../../station/administration/users/index.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { addBatch } from '../kit/sample-rows.ts';
import { ROOT } from './play-scene.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { openStation } from '../kit/station.ts';
import { createNodeRandom } from '../../station/devices/drivers/node/random.ts';
import { LONG } from '../support/depth.ts';

beforeAll(async () => {
  await ensureBundle('electron');
});

/** The core's bundle in a process of its own; resolves when it has ended by itself with status 0. */
async function playCore<T>(scene: string, dataDir: string): Promise<T> {
  const bundle = join(ROOT, 'out/electron/core/index.js');
  const args = [join(import.meta.dirname, 'fake/core-scenes.ts'), bundle, dataDir, scene];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: PATIENCE_MS });
  expect(stderr).not.toContain('Debugger listening');
  return JSON.parse(stdout) as T;
}

describe('the built core bundle', () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'gongwei-core-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));

  test('opens a station, serves its pages as an operator, closes it and ends', async () => {
    const seen = await playCore<{ info: object; refused: string; wrapped: number }>('serve', dataDir);
    expect(seen.info).toMatchObject({
      appVersion: '9.9.9',
      dataDir,
      session: { role: 'operator', user: 'operator' },
    });
    expect(seen.refused).toBe('forbidden');
    expect(seen.wrapped).toBe(1);
  });

  test('keeps its key in the keychain and not in a file, and opens it again', async () => {
    await playCore('serve', dataDir);
    expect(existsSync(join(dataDir, 'station.key'))).toBe(false);
    const again = await playCore<{ said: string[] }>('serve', dataDir);
    expect(again.said).toContain('keychain');
    const refused = await playCore<object>('refusedKeychain', dataDir);
    expect(refused).toMatchObject({ t: 'failed', code: 'secret-unreadable' });
  });

  test('outlives what is no message of main, and opens no inspector when it is signalled to', async () => {
    const seen = await playCore<object>('garbled', dataDir);
    expect(seen).toMatchObject({ threw: [], info: { appVersion: '9.9.9' } });
  });

  test('without a keychain keeps it in the key file', async () => {
    const { said } = await playCore<{ said: string[] }>('keyFile', dataDir);
    expect(said).toEqual(['ready', 'language']);
    expect(existsSync(join(dataDir, 'station.key'))).toBe(true);
  });

  test('opens with a keychain what a terminal has made with the key file', async () => {
    const station = await openStation(dataDir, { appVersion: '1.0.0' });
    await station.close();
    const seen = await playCore<{ wrapped: number }>('serve', dataDir);
    expect(seen.wrapped).toBe(0);
  });

  test.runIf(LONG)(
    'takes 64 MB from a window, for who brought them alone, and gives files back to who may have them',
    async () => {
      const { sha256 } = await makePackage(join(dataDir, 'sample.zip'), { bodyBytes: 64 * 1024 * 1024 });
      const station = await openStation(dataDir, { appVersion: '1.0.0' });
      const pinHash = await hashPin('246813', { random: createNodeRandom(), scryptLog2N: 4 });
      for (const name of ['Wang', 'Li']) station.database.users.put({ name, role: 'engineer', pinHash }, 1);
      addBatch(station.database);
      await station.close();
      const seen = await playCore<{ sizeBytes: number }>('files', dataDir);
      expect(seen).toMatchObject({
        refused: ['forbidden', 'forbidden', 'not-found'],
        cancelled: 'cancelled',
        waiting: 1,
        imported: [sha256],
        left: [],
        found: {
          path: expect.stringContaining(join(dataDir, 'exports')) as string,
          type: 'text/csv; charset=utf-8',
        },
        notFound: [null, null, null],
      });
      expect(seen.sizeBytes).toBeGreaterThan(64 * 1024 * 1024);
    },
  );

  test('says why when the station cannot open, instead of dying', async () => {
    const station = await openStation(dataDir, { appVersion: '1.0.0' });
    try {
      expect(await playCore('busy', dataDir)).toMatchObject({ t: 'failed', code: 'data-busy' });
    } finally {
      await station.close();
    }
  });

  test.runIf(LONG)('gives a page that comes before the station a closed port', async () => {
    expect(await playCore('tooEarly', dataDir)).toBe('disconnected');
  });
});
