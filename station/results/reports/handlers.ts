import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Reports } from './reports.ts';
import type { Yields } from '../yield/index.ts';

export function reportHandlers({
  reports,
  yields,
}: {
  readonly reports: Reports;
  readonly yields: Yields;
}): SectionHandlers<'reports'> {
  return {
    'reports.batch': ({ batchId }, { signal }) => yields.report(batchId, signal),
    'reports.export': ({ batchId, format, csv }, { signal }) => reports.export(batchId, format, csv, signal),
    'reports.exportRuns': ({ format, csv, ...content }, { signal }) =>
      reports.exportRuns(content, format, csv, signal),
  };
}
