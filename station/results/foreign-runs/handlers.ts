import {
  type ForeignRunView,
  type ImportsState,
  MAX_COUNTED_FOREIGN,
  type SectionHandlers,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ForeignRunPosition, FoundForeignRun, ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { DocumentFailure } from '../documents/index.ts';
import { fromRecord } from './candidate.ts';
import { foreignFileId } from './foreign-file.ts';
import type { ForeignRuns } from './foreign-runs.ts';
import { UploadedRuns } from './uploaded-runs.ts';

export interface ForeignRunServices {
  readonly database: ReadableDatabase;
  readonly platform: Platform;
  readonly foreignRuns: ForeignRuns;
  readonly uploads: UploadStore;
  /** Publishes the progress of imports of runs. */
  readonly publishRunImports: (state: ImportsState) => void;
}

export function foreignRunHandlers({
  database: { foreignRuns: stored },
  platform: { clock },
  foreignRuns,
  uploads,
  publishRunImports: publish,
}: ForeignRunServices): SectionHandlers<'foreignRuns'> {
  const files = new UploadedRuns({ foreignRuns, uploads, clock, publish });
  return {
    'foreignRuns.preview': (file, { by, signal }) => files.preview(file, by, signal),
    'foreignRuns.import': (file, { by, signal }) => files.import(file, by, signal),
    'foreignRuns.discard': ({ fileId }, { by }) => {
      files.discard(fileId, by);
      return {};
    },
    'foreignRuns.search': ({ filter, cursor, limit }) => {
      const found = stored.find(filter, cursor === null ? null : positionOf(cursor), limit + 1);
      const runs = found.slice(0, limit);
      const last = runs.at(-1);
      const counted = stored.count(filter, MAX_COUNTED_FOREIGN + 1);
      return {
        runs: runs.map(toView),
        older: found.length > limit && last !== undefined ? `${last.startedAtMs} ${last.runId}` : null,
        count: {
          runs: Math.min(counted, MAX_COUNTED_FOREIGN),
          more: counted > MAX_COUNTED_FOREIGN,
        },
      };
    },
    'foreignRuns.get': ({ runId }) => {
      const found = stored.findById(runId);
      if (found === null)
        throw new Fault('not-found', `there is no imported run ${runId}`, { hint: 'Reload the list.' });
      const { recipe, steps } = fromRecord(found.record);
      return {
        run: toView(found),
        recipe: { name: recipe.name, version: recipe.version },
        steps: steps.map(({ phase, step, attempt, outcome, ms, failure, measurements }) => ({
          phase,
          step,
          attempt,
          outcome,
          ms,
          failure: failureOf(failure),
          measurements: measurements.map(({ name, value, unit, limits, outcome: judged }) => ({
            name,
            value,
            unit,
            limits,
            outcome: judged,
          })),
        })),
        attachments: stored
          .listFiles(runId)
          .map(({ seq, name, mediaType, bytes, sha256, isHere, ...of }) => ({
            ...{ name, mediaType, bytes, sha256 },
            phase: of.phase,
            step: of.step,
            fileId: isHere === 1 ? foreignFileId(runId, seq) : null,
          })),
      };
    },
    'foreignRuns.sources': () => ({
      sources: stored.listSources().map(({ sourceId, kind, name, runs, importedBy, importedAtMs }) => ({
        sourceId,
        kind,
        name,
        runs,
        importedBy,
        importedAtMs,
      })),
    }),
  };
}

function toView(found: FoundForeignRun): ForeignRunView {
  const { finishedAtMs, operator, failure } = fromRecord(found.record);
  return {
    runId: found.runId,
    sourceId: found.sourceId,
    station: found.station,
    batch: found.batchName,
    serialNumber: found.serialNumber,
    unitId: found.unitId,
    deviceName: found.deviceName,
    outcome: found.outcome,
    failure: failureOf(failure),
    startedAtMs: found.startedAtMs,
    finishedAtMs,
    operator,
  };
}

function failureOf(failure: DocumentFailure | null): ForeignRunView['failure'] {
  if (failure === null) return null;
  const { code, phase, step, message } = failure;
  return { code, phase, step, message };
}

/** Faults: `bad-input` for a cursor that is none. */
function positionOf(cursor: string): ForeignRunPosition {
  const blank = cursor.indexOf(' ');
  const startedAtMs = blank === -1 ? NaN : Number(cursor.slice(0, blank));
  if (Number.isSafeInteger(startedAtMs)) return { startedAtMs, runId: cursor.slice(blank + 1) };
  throw new Fault('bad-input', 'this is no cursor of a list of runs', { hint: 'Search again without it.' });
}
