import { recipeCheck } from '../fixtures/recipes.ts';
import type { BatchView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { labelSvg } from '../fixtures/images.ts';
import { RECIPE_TITLES, runRecord, runSummaries } from '../fixtures/runs.ts';
import { batchView, PRODUCT_ID, RECIPE } from '../fixtures/station.ts';
import { batchReport, yieldCount } from '../fixtures/yields.ts';
import type { Answers, MockStation } from '../mock-station.ts';
import { wait } from './wait.ts';

/** What a made-up export has. */
export const MADE = { manifestId: 'f-m', bytes: 48_213, sha256: '5e1f'.repeat(16) };

/** Batches with their yields, runs and reports. */
export function batchAnswers(nowMs: number): Answers {
  return {
    'batches.select': ({ batchId }, { station }) => {
      const { batches, starts } = station.state('batch');
      const active = batches.find((batch) => batch.batchId === batchId) ?? null;
      station.publish('batch', { batches, starts, active });
      return station.state('batch');
    },
    'batches.create': ({ quantity, name = 'at-module-202611201403' }, { station }) => {
      const created = batchView({ batchId: 'b-new', name, quantity, createdAtMs: nowMs });
      const before = station.state('batch');
      station.publish('batch', { ...before, batches: [...before.batches, created] });
      return created;
    },
    'batches.setStart': ({ batchId, start }, { station }) => {
      const changed = { ...batchOf(station, batchId), start };
      const before = station.state('batch');
      const batches = before.batches.map((one) => (one.batchId === batchId ? changed : one));
      station.publish('batch', { ...before, batches });
      return changed;
    },
    'batches.needs': () => ({
      productId: PRODUCT_ID,
      firmware: false,
      instruments: [],
      programs: [],
      networks: [],
      board: false,
      printer: false,
      quota: null,
      lines: null,
    }),
    'batches.check': ({ recipeYaml }) => {
      const { issues } = recipeCheck(recipeYaml);
      return issues.length > 0
        ? { recipe: null, issues }
        : { recipe: { ...RECIPE, productId: PRODUCT_ID, phases: 5, steps: 9 }, issues };
    },
    'reports.batch': ({ batchId }, { station }) => batchReport(batchOf(station, batchId), nowMs),
    'reports.export': async ({ batchId, format }, { station, signal }) => {
      const { runs: totalRuns } = batchReport(batchOf(station, batchId), nowMs);
      const fileId = 'f-1';
      try {
        for (const share of [0, 0.25, 0.5, 0.75]) {
          const runs = Math.ceil(totalRuns * share);
          station.publish('exports', {
            running: [{ fileId, batchId, format, runs, totalRuns, share, leftMs: 2_000 * (1 - share) }],
          });
          await wait(60, signal);
        }
      } finally {
        station.publish('exports', { running: [] });
      }
      const name = `L3-07_WO-20261120-017_20261120-1403.${format}`;
      return { fileId, name, runs: totalRuns, ...MADE };
    },
    'yield.batch': ({ batchId, filter, foreign = false }, { station }) => {
      const count = yieldCount(batchOf(station, batchId), nowMs, filter);
      const { measurements, ...result } = count.result();
      const recentRuns = [...new Set(measurements.flatMap(({ recentRows }) => recentRows))];
      return {
        batchId,
        ...result,
        measurements: measurements.map(({ recentRows, ...series }) => ({
          ...series,
          recentRuns: recentRows.map((row) => recentRuns.indexOf(row)),
        })),
        recentRuns: recentRuns.map((row) => `run-${row}`),
        curve: count.curve.result(),
        foreignRuns: foreign ? 24 : null,
        recipeTitles: RECIPE_TITLES,
      };
    },
    'runs.list': ({ batchId }, { station }) => ({
      runs: batchOf(station, batchId).runs === 0 ? [] : runSummaries(batchId, nowMs),
    }),
    'runs.get': ({ runId }) => {
      if (/^run-\d+$/.test(runId)) return runRecord(runId, nowMs);
      throw new Fault('not-found', `there is no run ${runId}`);
    },
    'codes.label': { payload: 'https://example/q', svg: labelSvg() },
  };
}

function batchOf(station: MockStation, batchId: string): BatchView {
  const found = station.state('batch').batches.find((one) => one.batchId === batchId);
  if (found === undefined) throw new Fault('batch-missing', `there is no batch ${batchId}`);
  return found;
}
