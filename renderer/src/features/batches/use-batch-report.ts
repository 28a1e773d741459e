import type { BatchReport, RunSummary } from '#shared/contract/index.ts';
import { onMounted } from 'vue';
import { type Call, type CallContext, useCall } from '#services/client/index.ts';

export interface LoadedReport {
  readonly report: BatchReport;
  /** The latest, newest first. */
  readonly runs: readonly RunSummary[];
}

const RUNS_SHOWN = 200;
/** After an update of the program the figures of all earlier runs are computed first. */
const COUNT_MS = 30 * 60_000;

/** The report of a batch and its latest runs; loaded when the page is mounted and by each `run`. */
export function useBatchReport(batchId: string): Call<[], LoadedReport> {
  const load = async ({ call }: CallContext): Promise<LoadedReport> => {
    const options = { timeoutMs: COUNT_MS };
    const [counted, { runs }] = await Promise.all([
      call('reports.batch', { batchId }, options),
      call('runs.list', { batchId, limit: RUNS_SHOWN }, options),
    ]);
    return { report: counted, runs };
  };
  const report = useCall(load, { repeatAfterLoss: true });
  onMounted(report.run);
  return report;
}
