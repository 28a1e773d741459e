import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '#station';
import { ambiguous, MIN_PREFIX } from './ambiguous.ts';

export type BatchRow = NonNullable<ReturnType<ReadableDatabase['batches']['findById']>>;

export const BATCH_HELP = 'the batch: its id, its name, or the beginning of either';

/**
 * The batch that a person means: by its id, its name, or a beginning of one that no other has. Faults: `batch-missing`,
 * `bad-input` when it may be several.
 */
export function findBatch(batches: ReadableDatabase['batches'], text: string): BatchRow {
  const wanted = text.trim();
  const exact = batches.findById(wanted);
  if (exact !== null) return exact;
  const all = batches.list();
  const lower = wanted.toLowerCase();
  const steps: ((batch: BatchRow) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ name }) => name.toLowerCase() === lower,
    ({ batchId, name }) =>
      (lower.length >= MIN_PREFIX && batchId.startsWith(lower)) ||
      (lower !== '' && name.toLowerCase().startsWith(lower)),
  ];
  for (const fits of steps) {
    const found = all.filter(fits);
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
