import { REPORT_FORMS, type ReportFormat } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { conditionsOf, filterWords } from './filter-words.ts';
import type { ReportAbout, ReportManifest } from './manifest.ts';
import type { ReportSubject } from './report-form.ts';
import { createRunCells } from './run-cells.ts';

/** What a report is about, for its manifest and its first page. */
export function aboutOf({ batches }: ReadableDatabase, subject: ReportSubject): ReportAbout {
  const nameOf = (batchId: string): string => batches.findById(batchId)?.name ?? batchId;
  const nothing = { batchId: null, batchName: null, unit: null, run: null, filter: null };
  switch (subject.kind) {
    case 'batch': {
      const { kind, batchId } = subject;
      const batchName = nameOf(batchId);
      return { kind, words: `all runs of batch ${batchName}`, ...nothing, batchId, batchName };
    }
    case 'runs': {
      const { kind, filter } = subject;
      const { batchId = null } = filter;
      const batchName = batchId === null ? null : nameOf(batchId);
      return {
        kind,
        words: filterWords(filter),
        ...nothing,
        batchId,
        batchName,
        filter: conditionsOf(filter),
      };
    }
    case 'run': {
      const { kind, runId } = subject;
      return { kind, words: `run ${runId}`, ...nothing, run: runId };
    }
    case 'unit': {
      const { kind, name } = subject;
      return { kind, words: `all runs of unit ${name}`, ...nothing, unit: name };
    }
  }
}

/** The chosen columns with their names, `null` without a choice. Faults: `bad-input` for two columns of one name. */
export function columnsOf(
  database: ReadableDatabase,
  subject: ReportSubject,
  format: ReportFormat,
): ReportManifest['columns'] {
  if (subject.kind !== 'runs' || !REPORT_FORMS[format].hasColumns) return null;
  const { columns, names = {} } = subject;
  const { header, keys } = createRunCells(database, columns, names);
  const used = new Set<string>();
  for (const name of format === 'jsonl' ? [...keys, 'steps'] : header) {
    if (used.has(name)) {
      throw new Fault('bad-input', `two columns have the name ${name}`, {
        hint: 'Give one of them another name.',
      });
    }
    used.add(name);
  }
  return columns.map((column) => ({
    column,
    name: names[column] ?? createRunCells(database, [column]).header[0] ?? column,
  }));
}
