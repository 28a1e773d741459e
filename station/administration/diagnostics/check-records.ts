import { verifyAttachments } from '../../core/attachments/index.ts';
import { verifyRecords } from '../../core/audit-log/index.ts';
import { verifyFigures } from '../../results/figures/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { type Check, failure, fine } from './check.ts';
import { counted } from '#shared/words/index.ts';

const HINT = 'Keep the data directory and tell support: "audit verify" lists all records.';

/** Compares tables, indexes and triggers with those that the migrations create. */
export function checkSchema(database: ReadableDatabase): Check {
  const [first, ...more] = database.compareSchema();
  if (first === undefined)
    return fine('schema', 'tables, indexes and triggers are as the migrations create them');
  const text = `the ${first.type} ${first.name} is ${first.what}, which no station does${others(more.length)}`;
  return failure('schema', 'ledger-violation', text, HINT);
}

/** Compares every record, and the file of every attachment, with what the station wrote. */
export async function checkRecords(
  dataDir: string,
  database: ReadableDatabase,
  signal: AbortSignal,
): Promise<Check> {
  const { tampered, tamperedCount, brokenParts, covered, notYetCovered } = await verifyRecords(
    database,
    signal,
  );
  const [first] = tampered;
  if (first !== undefined) {
    const { table, key, what } = first;
    const text = `${table} ${key} was ${what} by hand${others(tamperedCount - 1)}`;
    return failure('records', 'ledger-violation', text, HINT);
  }
  const [part] = brokenParts;
  if (part !== undefined) {
    const text = `rows ${part.from} to ${part.upTo} of the journal of records were changed by hand`;
    return failure('records', 'ledger-violation', text, HINT);
  }
  const { damaged, damagedCount } = await verifyAttachments(dataDir, database, signal);
  const [attachment] = damaged;
  if (attachment !== undefined) {
    const { runId, name, what } = attachment;
    const text = `the file of ${name} of run ${runId} is ${what}${others(damagedCount - 1)}`;
    return failure('records', 'ledger-violation', text, HINT);
  }
  return fine('records', `all are as the station wrote them in ${counted(covered + notYetCovered, 'write')}`);
}

/** Compares the kept figures of all batches with the records. */
export async function checkFigures(dataDir: string, signal: AbortSignal): Promise<Check> {
  const { differences, runs } = await verifyFigures(dataDir, signal);
  const [first] = differences;
  if (first === undefined)
    return fine('figures', `those of ${counted(runs, 'run')} are what the records give`);
  const rows = differences.reduce((sum, difference) => sum + difference.rows, 0);
  return failure(
    'figures',
    'ledger-violation',
    `${counted(rows, 'row of the kept figures is', 'rows of the kept figures are')} not what the records give, the first in ${first.table}${first.batchId === null ? '' : ` of batch ${first.batchId}`}`,
    'Make the figures anew from the records: the button at this finding, or "audit remake-figures".',
  );
}

function others(count: number): string {
  return count === 0 ? '' : `, and ${count} more`;
}
