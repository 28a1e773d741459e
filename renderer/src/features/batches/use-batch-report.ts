import type { BatchReport, RunSummary } from '#shared/contract/index.ts';
import { onMounted, onScopeDispose, reactive } from 'vue';
import { asFault, type FaultView, useStationClient } from '#services/client/index.ts';

export interface LoadedReport {
  report: BatchReport | null;
  /** The latest, newest first. */
  runs: readonly RunSummary[];
  fault: FaultView | null;
  load(): Promise<void>;
}

const RUNS_SHOWN = 200;
const COUNT_MS = 60_000;

/** What a batch did so far, with its latest runs; loaded when the page comes up and whenever `load` is called. */
export function useBatchReport(batchId: string): LoadedReport {
  const client = useStationClient();
  const gone = new AbortController();
  onScopeDispose(() => gone.abort());
  const state: LoadedReport = reactive({
    report: null,
    runs: [],
    fault: null,
    async load() {
      try {
        const options = { signal: gone.signal, timeoutMs: COUNT_MS };
        const [report, { runs }] = await Promise.all([
          client.call('reports.batch', { batchId }, options),
          client.call('runs.list', { batchId, limit: RUNS_SHOWN }, options),
        ]);
        Object.assign(state, { report, runs, fault: null });
      } catch (error) {
        if (!gone.signal.aborted) state.fault = asFault(error);
      }
    },
  });
  onMounted(() => void state.load());
  return state;
}
