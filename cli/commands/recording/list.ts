import { basename } from 'node:path';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import { listRecordings } from '#station';
import { type CommonOptions, dataDirOf } from '../../command.ts';
import { findBatch } from '../../lookup/batch.ts';
import { findSerial } from '../../lookup/run.ts';
import { createOutput, table } from '../../output.ts';
import { withDatabase } from '../../with-station.ts';

export interface ListOptions extends CommonOptions {
  readonly batch?: string;
  readonly serial?: string;
  readonly limit: number;
}

/** Lists the recordings with their runs, newest first. */
export async function list(options: ListOptions): Promise<void> {
  const out = createOutput(options);
  const kept = (await listRecordings(dataDirOf(options))).reverse();
  await withDatabase(options, (database) => {
    const batchId = options.batch === undefined ? null : findBatch(database.batches, options.batch).batchId;
    const wanted = options.serial === undefined ? null : findSerial(database, options.serial);
    const rows: string[][] = [];
    let more = false;
    for (const { id, path, bytes, atMs } of kept) {
      const run = database.runs.findById(id);
      if (batchId !== null && run?.batchId !== batchId) continue;
      if (wanted !== null && run?.serialNumber !== wanted) continue;
      more = rows.length === options.limit;
      if (more) break;
      const unitId = run === null ? null : unitIdOrNull(run);
      const serialNumber = run?.serialNumber ?? null;
      const outcome = run?.outcome ?? null;
      // Recordings without a run belong to returns.
      out.event('recording.row', { run: id, kind: run === null ? 'return' : 'run', serialNumber, mac: macOrNull(unitId), unitId, outcome, bytes, atMs, path }); // prettier-ignore
      const kind = run === null ? 'return' : (outcome ?? 'running');
      rows.push([
        id,
        serialNumber ?? '-',
        unitId?.text ?? '-',
        kind,
        `${Math.ceil(bytes / 1024)} KB`,
        basename(path),
      ]);
    }
    if (out.json) return;
    out.print(rows.length === 0 ? 'no recording fits' : table(HEADER, rows));
    if (more) out.print(`these are the newest ${options.limit}; --limit shows more`);
  });
}

const HEADER = ['run', 'serial number', 'goes by', 'outcome', 'size', 'file'];
