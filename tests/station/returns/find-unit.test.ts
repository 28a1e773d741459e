import { describe, expect, it } from 'vitest';
import { findUnit } from '../../../station/returns/find-unit.ts';
import { openStationDatabase, type WritableDatabase } from '../../../station/core/database/index.ts';
import { addBatch, addTriples, beginRun, PRODUCT } from '../../kit/sample-rows.ts';
import { tempDir } from '../../support/temp-dir.ts';

const CHIP = 'A4C138000001';

/** A unit that was seen and never passed: it has no serial number of its own. */
function withUnit(use: (database: WritableDatabase, unitId: number) => void): void {
  using dir = tempDir('find-unit');
  const database = openStationDatabase(dir.path);
  try {
    addTriples(database, 1);
    addBatch(database);
    const { unitId } = database.units.recordSeen(CHIP, null, null, 1, {
      kind: 'serial-number',
      text: 'X-17',
    });
    use(database, unitId);
  } finally {
    database.close();
  }
}

describe('a unit without a serial number', () => {
  it.each(['a4:c1:38:00:00:01', CHIP, 'X-17', 'd1', `${PRODUCT}/d1`])(
    'has none when it is found by %s',
    (name) => {
      withUnit((database, unitId) => {
        const triple = database.triples.findByName(PRODUCT, 'd1');
        if (triple === null) throw new Error('the pool is empty');
        const reason = { at: 2, runId: null, note: '' };
        database.transaction(() => database.triples.applyEvent(triple, 'claim', reason, unitId));
        expect(findUnit(database, name)).toMatchObject({ unit: { unitId }, serialNumber: null });
      });
    },
  );

  it('is found by the serial number of its runs, which the report then shows', () => {
    withUnit((database) => {
      beginRun(database, 'R', 'SN000007');
      expect(findUnit(database, 'SN000007')).toEqual({
        unit: null,
        serialNumber: 'SN000007',
        identity: null,
      });
    });
  });
});
