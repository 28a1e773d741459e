import type { BatchReport, ExportsState, RunSummary, StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Handlers, Topic } from '#shared/rpc/index.ts';
import { batchOf, type Line } from '../line.ts';
import { reportMadeUp } from './made-up-runs.ts';
import { LABEL_SVG, recordOf, runsOf } from './runs.ts';

/** Reports of the line's batches: as many runs as they count, the same failures again and again. */
export function reportHandlers(
  line: () => Line,
  exports: Topic<ExportsState, ExportsState>,
): Partial<Handlers<StationContract>> {
  const reportOf = (batchId: string): BatchReport => {
    const batch = line().batch.batches.find((one) => one.batchId === batchId);
    if (batch === undefined) throw new Fault('batch-missing', `there is no batch ${batchId}`);
    return reportMadeUp(batch, Date.now());
  };
  const runs = (batchId: string): RunSummary[] =>
    reportOf(batchId).runs === 0 ? [] : runsOf(batchId, Date.now());
  return {
    'reports.batch': ({ batchId }) => reportOf(batchId),
    'reports.export': async ({ batchId, format }, { signal }) => {
      const { runs: totalRuns } = reportOf(batchId);
      for (let done = 0; done < totalRuns; done += Math.ceil(totalRuns / 4)) {
        exports.publish({ running: [{ fileId: 'f-1', batchId, format, runs: done, totalRuns }] });
        await new Promise((resolve) => setTimeout(resolve, 60));
        if (signal.aborted) {
          exports.publish({ running: [] });
          throw new Fault('cancelled', 'stopped');
        }
      }
      exports.publish({ running: [] });
      return {
        fileId: 'f-1',
        name: `L3-07_WO-20261120-017_20261120-1403.${format}`,
        runs: totalRuns,
        bytes: 48_213,
      };
    },
    'runs.list': ({ batchId }) => ({ runs: runs(batchId) }),
    'runs.get': ({ runId }) => recordOf(runId, Date.now()),
    'codes.label': () => ({ payload: 'https://example/q', svg: LABEL_SVG }),
    'batches.check': ({ recipeYaml }) => {
      const wrong = recipeYaml.split('\n').findIndex((text) => text.includes('nonsense'));
      if (wrong >= 0 || !recipeYaml.includes('gongwei:')) {
        const issues = [{ line: wrong + 1 || 1, column: 5, message: 'phases.0.steps.0.verb: Invalid input' }];
        return { recipe: null, issues };
      }
      const { recipe, productId } = batchOf('b-9', 'new', 1, 0, 0, Date.now());
      return { recipe: { ...recipe, productId, phases: 5, steps: 9 }, issues: [] };
    },
  };
}
