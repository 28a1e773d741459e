import { REPORT_FORMS, type SectionHandlers } from '#shared/contract/index.ts';
import { MAX_COUNTED_RUNS } from '#shared/contract/runs.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Reports } from './reports.ts';
import type { Yields } from '../yield/index.ts';

export function reportHandlers({
  database,
  reports,
  yields,
}: {
  readonly database: ReadableDatabase;
  readonly reports: Reports;
  readonly yields: Yields;
}): SectionHandlers<'reports'> {
  return {
    'reports.batch': async ({ batchId }, { signal }) => ({
      ...(await yields.report(batchId, signal)),
      unproven: database.runs.countUnproven(batchId, MAX_COUNTED_RUNS),
    }),
    async 'reports.export'({ batchId, format, ...forms }, { signal }) {
      // After an update of the program the figures of a million runs may be missing; to count them here would stop the line.
      if (REPORT_FORMS[format].hasFigures) await yields.whenFactsReady(signal);
      return reports.export(batchId, format, forms, signal);
    },
    'reports.exportUnit': ({ unit, format, csv }, { signal }) =>
      reports.exportUnit(unit, format, csv, signal),
    'reports.exportRuns': ({ format, csv, ...content }, { signal }) =>
      reports.exportRuns(content, format, csv, signal),
  };
}
