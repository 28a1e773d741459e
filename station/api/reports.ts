import type { ApiParts, Section } from './parts.ts';

export function reportHandlers({ reports }: ApiParts): Section<'reports'> {
  return {
    'reports.batch': ({ batchId }, { signal }) => reports.batch(batchId, signal),
    'reports.export': ({ batchId, format }, { signal }) => reports.export(batchId, format, signal),
  };
}
