import type { BatchReport, ExportsState, RunSummary, StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Handlers, Topic } from '#shared/rpc/index.ts';
import { batchOf, type Line } from '../line.ts';
import { LABEL_SVG, recordOf, runsOf } from './runs.ts';

const FAILURES: readonly (readonly [string, string, string, number, string])[] = [
  ['limit-exceeded', 'radio', 'rssi', 9, 'rssi is -81 dBm, at least -70 dBm is wanted'],
  ['device-silent', 'identify', 'identify', 6, 'no reply to AT within 3000 ms, 3 attempts'],
  ['not-online', 'online', 'prove-online', 4, 'did not log in within 20 s'],
  ['ble-unseen', 'bluetooth', 'advertises', 2, 'not heard within 5000 ms'],
  ['port-lost', 'burn', 'burn-triple', 1, '/dev/ttyUSB2 went away'],
];

/** Reports of the line's batches: as many runs as they count, the same failures again and again. */
export function reportHandlers(
  line: () => Line,
  exports: Topic<ExportsState, ExportsState>,
): Partial<Handlers<StationContract>> {
  const reportOf = (batchId: string): BatchReport => {
    const batch = line().batch.batches.find((one) => one.batchId === batchId);
    if (batch === undefined) throw new Fault('batch-missing', `there is no batch ${batchId}`);
    const units = batch.passed + batch.notPassed;
    const failures = units === 0 ? [] : FAILURES;
    const failed = failures.reduce((sum, [, , , runs]) => sum + runs, 0);
    const firstPass = Math.max(0, units - failed);
    return {
      batchId,
      units,
      runs: units === 0 ? 0 : units + failed,
      firstPass,
      finalPass: batch.passed,
      firstPassYield: units === 0 ? null : firstPass / units,
      finalYield: units === 0 ? null : batch.passed / units,
      medianMs: units === 0 ? null : 14_320,
      lastRunAtMs: units === 0 ? null : Date.now() - 40_000,
      failures: failures.map(([code, phase, step, runs, example]) => ({ code, phase, step, runs, example })),
    };
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
