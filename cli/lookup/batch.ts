import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '#station';
import { ambiguous, MIN_PREFIX_LENGTH } from './ambiguous.ts';

export type BatchRow = NonNullable<ReturnType<ReadableDatabase['batches']['findById']>>;

export const BATCH_HELP = 'the batch: its id, its name, or the beginning of either';

/**
 * Finds a batch by its id, its name, or a unique prefix of either. Faults: `batch-missing`, `bad-input` for an ambiguous
 * text.
 */
export function findBatch(batches: ReadableDatabase['batches'], text: string): BatchRow {
  const wanted = text.trim();
  const exact = batches.findById(wanted);
  if (exact !== null) return exact;
  const all = batches.list();
  const lower = wanted.toLowerCase();
  const predicates: ((batch: BatchRow) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ name }) => name.toLowerCase() === lower,
    ({ batchId, name }) =>
      (lower.length >= MIN_PREFIX_LENGTH && batchId.startsWith(lower)) ||
      (lower !== '' && name.toLowerCase().startsWith(lower)),
  ];
  for (const matches of predicates) {
    const found = all.filter(matches);
    const [one] = found;
    if (one === undefined) continue;
    if (found.length === 1) return one;
    throw ambiguous(
      'batch',
      wanted,
      found.map(({ batchId, name }) => `${batchId} (${name})`),
    );
  }
  const names = all.slice(0, 5).map(({ name }) => name);
  throw new Fault('batch-missing', `there is no batch ${wanted}`, {
    hint:
      names.length === 0
        ? 'Make one with "batch create".'
        : `The latest are ${names.join(', ')}; "batch list" lists all.`,
  });
}
