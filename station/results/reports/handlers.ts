import type { ApiParts, Section } from '../../handler-parts.ts';

export function reportHandlers({ reports, yields }: ApiParts): Section<'reports'> {
  return {
    'reports.batch': ({ batchId }, { signal }) => yields.report(batchId, signal),
    'reports.export': ({ batchId, format, csv }, { signal }) => reports.export(batchId, format, signal, csv),
  };
}
