import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunFilter } from '#shared/contract/index.ts';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { fixRunFilter, writeFacts } from '../../../../station/results/figures/index.ts';
import { databaseFile, openStationDatabase } from '../../../../station/core/database/index.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';

/** The filter, and the same as SQL over the records. */
const FILTERS: readonly (readonly [RunFilter, string])[] = [
  [{}, '1'],
  [{ outcomes: ['FAIL'] }, "outcome = 'FAIL'"],
  [{ batchId: 'C', outcomes: ['PASS'] }, "batch_id = 'C' AND outcome = 'PASS'"],
  [{ text: 'SN1' }, "serial_number LIKE '%SN1%'"],
  [{ fromAtMs: 1_000_100, toAtMs: 1_000_900 }, 'started_at >= 1000100 AND started_at < 1000900'],
  [{ failureStep: 'read' }, "failure ->> 'step' = 'read'"],
];

describe('files of runs that a filter finds', () => {
  it('have as many rows, failures and values as an independent script counts in the database', async () => {
    using dir = tempDir('filter-totals');
    const data = join(dir.path, 'data');
    const database = openStationDatabase(data);
    addSampleBatch(database, 'B', 'WO-17');
    addSampleBatch(database, 'C', 'WO-18');
    addRuns(database, [...manyRuns(1500)]);
    addRuns(
      database,
      [...manyRuns(700, 5000)].map((run) => ({ ...run, batchId: 'C' })),
    );
    mkdirSync(join(dir.path, 'out'));
    for (const written of [false, true]) {
      if (written) while (database.runFacts.getProgress() < 2200) writeFacts(database);
      for (const [index, [filter, sql]] of FILTERS.entries()) {
        const file = join(dir.path, 'out', `${index}.csv`);
        const fixed = fixRunFilter(database, filter, 1);
        await writeReport(
          database,
          { kind: 'runs', filter: fixed, columns: ['runId', 'outcome', 'durationMs'], measurements: true },
          file,
          { format: 'csv', signal: NEVER_ABORTED },
        );
        const printed = execFileSync('python3', ['-X', 'utf8', '-c', SCRIPT, databaseFile(data), sql, file]);
        const [ofFile, ofDatabase] = JSON.parse(printed.toString()) as [object, object];
        expect(ofFile, sql).toEqual(ofDatabase);
      }
    }
    database.close();
  });
});

const SCRIPT = `
import csv, json, sqlite3, sys
database, condition, path = sys.argv[1:]
text = lambda cell: cell[2:-1] if cell.startswith('="') else cell[1:] if cell.startswith("'") else cell
rows = list(csv.DictReader(open(path, encoding="utf-8-sig", newline="")))
with open(path + ".manifest.json", encoding="utf-8") as manifest:
    said = json.load(manifest)["rows"]
of_file = {
    "rows": len(rows), "said": said, "failed": sum(row["outcome"] == "FAIL" for row in rows),
    "ms": sum(int(row["ms"]) for row in rows),
    "rssi": round(sum(float(value) for row in rows for name, value in row.items() if "rssi" in name and value != "")),
    "runs": sorted(text(row["run"]) for row in rows),
}
db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
(count, failed, ms) = db.execute(f"SELECT count(*), sum(outcome = 'FAIL'), sum(finished_at - started_at) FROM run WHERE {condition}").fetchone()
(rssi,) = db.execute(f"SELECT sum(value) FROM measurement JOIN run USING (run_id) WHERE name = 'rssi' AND ({condition.replace('outcome', 'run.outcome')})").fetchone()
runs = [run for (run,) in db.execute(f"SELECT run_id FROM run WHERE {condition} ORDER BY run_id")]
print(json.dumps([of_file, {"rows": count, "said": count, "failed": failed, "ms": ms, "rssi": round(rssi), "runs": sorted(runs)}]))
`;
