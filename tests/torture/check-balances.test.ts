import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { checkBalances } from '../../bench/torture/check-balances.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { beginRun, openSampleStore, PRODUCT } from '../kit/sample-rows.ts';
import { tempDir } from '../support/temp-dir.ts';

it('compares the balances of all batches with the pool of the registry', async () => {
  using dir = tempDir('balances');
  const registryDir = join(dir.path, 'registry');
  mkdirSync(registryDir);
  const dataDir = join(dir.path, 'station');
  const seed = (count: number, first: number): void => {
    using store = openRegistryStore(registryDir);
    const triples = Array.from({ length: count }, (_, n) => ({
      deviceName: `d${first + n}`,
      deviceSecret: Buffer.alloc(16, first + n).toString('base64'),
    }));
    store.seedProduct({ productId: PRODUCT, triples });
  };
  const sut = {
    name: 'T1',
    dataDir,
    flashDir: dir.path,
    units: [],
    announced: new Map(),
    batchId: () => 'B',
  };
  const check = async (): Promise<string[]> => {
    const findings = { unbalanced: [] };
    await checkBalances([{ sut }], registryDir, findings);
    return findings.unbalanced;
  };
  openSampleStore(dataDir).close();
  // The registry has four free ones, and the station the same four in its pool: one place too many for each.
  seed(4, 1);
  expect(await check()).toEqual([
    'the registry has 4 identities; the balances have 0, the pools of the stations 4, free are 4',
  ]);
  const database = openStationDatabase(dataDir);
  database.transaction(() => {
    beginRun(database, 'R1', 'SN1');
    const { unitId } = database.units.recordSeen('A2B700000001', null, null, 1);
    database.runs.setUnit('R1', unitId);
    const free = database.triples.findNextFree(PRODUCT);
    if (free === null) throw new Error('the pool is empty');
    database.triples.applyEvent(free, 'claim', { at: 2, runId: 'R1', note: '' }, unitId);
  });
  database.close();
  expect(await check()).toEqual([
    'T1: batch b does not add up: d1 claimed',
    'the registry has 4 identities; the balances have 1, the pools of the stations 3, free are 4',
  ]);
});
