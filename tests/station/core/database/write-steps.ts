/** Records the steps of one run until it is killed: `node write-steps.ts DIR`. Prints one byte after each step. */
import { writeSync } from 'node:fs';
import { openStationDatabase } from '../../../../station/core/database/index.ts';

const database = openStationDatabase(process.argv[2] ?? '');
const run = {
  runId: 'R',
  batchId: 'B',
  slot: 1,
  portPath: '/dev/null',
  serialNumber: 'SN1',
  station: 'S',
  operator: 'Li',
  appVersion: '0',
  recipeHash: 'h',
  startedAtMs: 1,
};
database.writeRelaxed(() => database.runs.add(run));
for (let seq = 0; ; seq++) {
  const step = {
    seq,
    phase: 'p',
    step: `s${seq}`,
    attempt: 1,
    outcome: 'PASS',
    startedAtMs: seq,
    ms: 1,
    failure: null,
  } as const;
  const measured = { name: 'm', value: seq, unit: null, limits: '', outcome: 'PASS' } as const;
  database.writeRelaxed(() => database.runs.addStep('R', step, [measured]));
  writeSync(1, '.');
}
