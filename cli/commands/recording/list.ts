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
  const recordings = (await listRecordings(dataDirOf(options))).reverse();
  await withDatabase(options, (database) => {
    const batchId = options.batch === undefined ? null : findBatch(database.batches, options.batch).batchId;
    const serial = options.serial === undefined ? null : findSerial(database, options.serial);
    const rows: string[][] = [];
    let more = false;
    for (const { id, path, bytes, atMs } of recordings) {
      const run = database.runs.findById(id);
      if (batchId !== null && run?.batchId !== batchId) continue;
      if (serial !== null && run?.serialNumber !== serial) continue;
      more = rows.length === options.limit;
      if (more) break;
      const unitId = run === null ? null : unitIdOrNull(run);
      const serialNumber = run?.serialNumber ?? null;
      const outcome = run?.outcome ?? null;
      // Recordings without a run belong to returns. `run` has the id of the recording, too: the key is older than `recordingId`.
      const isReturn = run === null;
      out.event('recording.row', { run: id, recordingId: id, kind: isReturn ? 'return' : 'run', serialNumber, mac: macOrNull(unitId), unitId, outcome, bytes, atMs, path }); // prettier-ignore
      const outcomeText = isReturn ? 'return' : (outcome ?? 'running');
      rows.push([
        id,
        serialNumber ?? '-',
        unitId?.text ?? '-',
        outcomeText,
        `${Math.ceil(bytes / 1024)} KB`,
        basename(path),
      ]);
    }
    out.print(rows.length === 0 ? 'no recording matches' : table(HEADER, rows));
    if (more) out.print(`these are the newest ${options.limit}; --limit shows more`);
  });
}

const HEADER = ['recording', 'serial number', 'unit id', 'outcome', 'size', 'file'];
