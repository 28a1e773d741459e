import type { RunFilter } from '#shared/contract/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { fixRunFilter } from '../figures/index.ts';
import type { ReportSubject, RunListContent } from './report-form.ts';

export type RequestedRuns = Omit<RunListContent, 'filter'> & { readonly filter: RunFilter };

/** A subject before its filter is fixed. Plain data. */
export type ReportRequest =
  | Exclude<ReportSubject, { kind: 'runs' }>
  | ({ readonly kind: 'runs'; readonly nowMs: number } & RequestedRuns);

export function subjectOf(database: ReadableDatabase, request: ReportRequest): ReportSubject {
  if (request.kind !== 'runs') return request;
  const { nowMs, filter, ...content } = request;
  return { ...content, filter: fixRunFilter(database, filter, nowMs) };
}
