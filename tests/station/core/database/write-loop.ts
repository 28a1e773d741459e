/**
 * A station's writes without a station, as fast as they go, until somebody kills it: `node write-loop.ts DIR PRODUCT`.
 * Says one line after each run whose record is durable.
 */
import { writeSync } from 'node:fs';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { openStore } from '../../../../station/core/database/index.ts';

const [dataDir = '', productId = ''] = process.argv.slice(2);
const store = openStore(dataDir);
for (let n = 0; ; n++) {
  const id = `${process.pid}-${n}`;
  const chipId = `${process.pid}${n}`;
  store.transaction(() =>
    store.triples.add({ productId, deviceName: id, sealed: new Uint8Array(60), source: 't', lease: null }, n),
  );
  store.runs.begin({
    runId: id,
    batchId: 'B',
    slot: 1,
    portPath: '/dev/null',
    serialNumber: `SN${id}`,
    station: 'S',
    operator: 'Li',
    appVersion: '0',
    recipeHash: 'h',
    startedAt: n,
  });
  const because = { at: n, runId: id, note: '' };
  const { unitId } = store.transaction(() => store.units.see(chipId, null, null, n));
  const claimed = store.transaction(() => {
    const triple = store.triples.byName(productId, id);
    if (triple === null) throw new Error('no triple');
    store.runs.setUnit(id, unitId);
    store.runs.setTriple(id, triple.tripleId);
    return store.triples.move(triple, 'claim', because, unitId);
  });
  const burning = store.transaction(() => store.triples.move(claimed, 'intend', because));
  store.transaction(() => {
    store.triples.move(burning, 'confirm', because);
    const step = {
      seq: 0,
      phase: 'p',
      step: 's',
      attempt: 1,
      outcome: 'PASS',
      startedAt: n,
      ms: 1,
      failure: null,
    } as const;
    const measured = { name: 'm', value: n, unit: null, limits: '', outcome: 'PASS' } as const;
    store.runs.addStep(id, step, [measured, measured]);
    finishRun(store, id, n + 1, 'PASS', null);
  });
  writeSync(1, `${id}\n`);
}
