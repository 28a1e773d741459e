import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { IntegrityCheck } from '../../../../station/administration/health/index.ts';
import { databaseFile, openStationDatabase } from '../../../../station/core/database/index.ts';
import { addTriples, openSampleStore } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const PAGE_BYTES = 4096;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

it('a large database is checked after the start, and damage ends the starts of units', async () => {
  using dir = tempDir('integrity');
  const store = openSampleStore(dir.path);
  addTriples(store, 2000, 'PRODUCT002');
  store.close();
  const whole = openStationDatabase(dir.path, { checkedAtOnceBytes: 0 });
  expect(whole.isChecked).toBe(false);
  await new IntegrityCheck(whole, log).done;
  expect(whole.damage).toBeNull();
  whole.close();

  // Pages in the middle of the triples, which the start does not read.
  const file = databaseFile(dir.path);
  const bytes = readFileSync(file);
  const at = bytes.indexOf('PRODUCT002d1000');
  bytes.fill(0x55, at - (at % PAGE_BYTES), at - (at % PAGE_BYTES) + PAGE_BYTES);
  writeFileSync(file, bytes);
  const damaged = openStationDatabase(dir.path, { checkedAtOnceBytes: 0 });
  await new IntegrityCheck(damaged, log).done;
  expect(damaged.damage?.code).toBe('database-corrupt');
  damaged.close();
  // A small one is checked before it opens.
  expect((await faultOf(() => openStationDatabase(dir.path))).code).toBe('database-corrupt');
});
