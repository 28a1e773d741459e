import { expect, it } from 'vitest';
import { databaseFile, openStationDatabase } from '../../station/core/database/index.ts';
import { addBatch, beginRun, endRun } from '../../bench/lib/sample-runs.ts';
import { openPlainSql } from '../../bench/enqueue/plain-sql.ts';
import { memoryDir } from '../support/temp-dir.ts';

/** The end of run 0, written by the station's code or by the plain SQL that it is compared with. */
function messageWrittenBy(writer: 'station' | 'plain SQL'): unknown {
  using dir = memoryDir();
  const database = openStationDatabase(dir.path);
  try {
    addBatch(database, 1);
    const burning = beginRun(database, 0);
    if (writer === 'station') endRun(database, 0, burning);
    else {
      using plain = openPlainSql(databaseFile(dir.path));
      plain.endRun(0);
    }
    return database.outbox.listPending(9);
  } finally {
    database.close();
  }
}

it('compares the station with plain SQL that writes the same message', () => {
  expect(messageWrittenBy('plain SQL')).toEqual(messageWrittenBy('station'));
});

it('measures no run that was not begun', () => {
  using dir = memoryDir();
  openStationDatabase(dir.path).close();
  using plain = openPlainSql(databaseFile(dir.path));
  expect(() => plain.endRun(0)).toThrow('run 0 was not begun');
});
