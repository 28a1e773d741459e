/**
 * A station's writes without a station, as fast as they go, until somebody kills it: `node write-loop.ts DIR PRODUCT`.
 * Says one line after each run whose record is durable.
 */
import { writeSync } from 'node:fs';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';

const [dataDir = '', productId = ''] = process.argv.slice(2);
const database = openStationDatabase(dataDir);
for (let n = 0; ; n++) {
  const id = `${process.pid}-${n}`;
  const chipId = `${process.pid}${n}`;
  database.transaction(() =>
    database.triples.add(
      { productId, deviceName: id, sealed: new Uint8Array(60), source: 't', lease: null },
      n,
    ),
  );
  database.runs.add({
    runId: id,
    batchId: 'B',
    slot: 1,
    portPath: '/dev/null',
    serialNumber: `SN${id}`,
    station: 'S',
    operator: 'Li',
    appVersion: '0',
    recipeHash: 'h',
    startedAtMs: n,
  });
  const because = { at: n, runId: id, note: '' };
  const { unitId } = database.transaction(() => database.units.recordSeen(chipId, null, null, n));
  const claimed = database.transaction(() => {
    const triple = database.triples.findByName(productId, id);
    if (triple === null) throw new Error('no triple');
    database.runs.setUnit(id, unitId);
    database.runs.setTriple(id, triple.tripleId);
    return database.triples.applyEvent(triple, 'claim', because, unitId);
  });
  const burning = database.transaction(() => database.triples.applyEvent(claimed, 'intend', because));
  database.transaction(() => {
    database.triples.applyEvent(burning, 'confirm', because);
    const step = {
      seq: 0,
      phase: 'p',
      step: 's',
      attempt: 1,
      outcome: 'PASS',
      startedAtMs: n,
      ms: 1,
      failure: null,
    } as const;
    const measured = { name: 'm', value: n, unit: null, limits: '', outcome: 'PASS' } as const;
    database.runs.addStep(id, step, [measured, measured]);
    finishRun(database, id, n + 1, 'PASS', null);
  });
  writeSync(1, `${id}\n`);
}
