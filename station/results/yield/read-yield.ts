import type { BatchCounts } from '#shared/contract/index.ts';
import type { YieldFilter, YieldResult } from '#shared/domain/yield/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { openFigures, readFigures, toBatchReport } from '../figures/index.ts';
import { countYield } from './count-batch.ts';

/**
 * The yields and the report of a batch, from the figures that are kept. Faults: `cancelled`.
 */
export async function readYield(
  database: ReadableDatabase,
  batchId: string,
  { filter = {}, signal }: { readonly filter?: YieldFilter; readonly signal: AbortSignal },
): Promise<YieldResult & { readonly report: BatchCounts }> {
  using _snapshot = database.readSnapshot();
  const source = await openFigures(database, batchId, signal);
  if (source === null) return countYield(database, batchId, { filter, signal });
  const found = readFigures(source, filter);
  const { figures, phases, pareto, measurements, measurementsLeftOut } = found;
  const report = toBatchReport(source, batchId, found, filter);
  return { figures, phases, pareto, measurements, measurementsLeftOut, report };
}
