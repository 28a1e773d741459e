import { verifyRecords } from '../../core/audit-log/index.ts';
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

/** Compares every record with what the station wrote. */
export async function checkRecords(database: ReadableDatabase, signal: AbortSignal): Promise<Check> {
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
  return fine('records', `all are as the station wrote them in ${counted(covered + notYetCovered, 'write')}`);
}

function others(count: number): string {
  return count === 0 ? '' : `, and ${count} more`;
}
