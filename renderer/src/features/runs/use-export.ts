import {
  type CsvForm,
  type ExportsState,
  REPORT_FORMS,
  type ReportFormat,
  type RunColumn,
} from '#shared/contract/index.ts';
import { computed, type ComputedRef, type ShallowRef, shallowRef } from 'vue';
import { type Call, useCall } from '#services/client/index.ts';
import { useFileTransfer } from '#services/files/index.ts';
import { useTranslator } from '#services/i18n/index.ts';
import { useTopicHere } from '#stores/index.ts';
import type { ColumnNames } from './use-column-names.ts';
import type { ExportSubject } from './export-subject.ts';

/** An export of a million runs takes minutes. */
const EXPORT_MS = 30 * 60_000;

export interface ExportChoice {
  readonly format: ReportFormat;
  readonly csv: CsvForm;
  readonly columns: readonly RunColumn[];
  readonly names: ColumnNames;
  readonly measurements: boolean;
}

export interface WrittenExport {
  readonly fileId: string;
  readonly manifestId: string;
  readonly name: string;
  readonly runs: number;
  readonly bytes: number;
}

export interface Export {
  readonly call: Call<[ExportChoice], void>;
  /** The last file; null until there is one. */
  readonly written: ShallowRef<WrittenExport | null>;
  readonly progress: ComputedRef<ExportsState['running'][number] | null>;
}

/** Exports runs: the station writes a file, then the browser downloads it. */
export function useExport(subject: () => ExportSubject): Export {
  const files = useFileTransfer();
  const i18n = useTranslator();
  const exports = useTopicHere('exports');
  const written = shallowRef<WrittenExport | null>(null);
  const format = shallowRef<ReportFormat>('csv');
  const call = useCall(async ({ call: ask }, choice: ExportChoice) => {
    written.value = null;
    format.value = choice.format;
    const options = { timeoutMs: EXPORT_MS };
    const form = {
      format: choice.format,
      ...(REPORT_FORMS[choice.format].isCsv ? { csv: choice.csv } : {}),
    };
    const { columns, measurements } = choice;
    const of = subject();
    const about = Object.fromEntries(
      Object.entries(choice.names).filter(([column]) => columns.includes(column as RunColumn)),
    );
    const names = Object.keys(about).length === 0 ? {} : { names: about };
    const file =
      of.kind === 'batch'
        ? await ask(
            'reports.export',
            {
              batchId: of.batchId,
              ...form,
              ...(choice.format === 'pdf' ? { pdf: { language: i18n.value.language } } : {}),
            },
            options,
          )
        : of.kind === 'unit'
          ? await ask('reports.exportUnit', { unit: of.unit, ...form }, options)
          : await ask(
              'reports.exportRuns',
              { filter: of.filter, columns: [...columns], ...names, measurements, ...form },
              options,
            );
    written.value = file;
    await files.fetch(file.fileId, file.name);
  });
  const progress = computed(() => {
    const of = subject();
    const batchId = of.kind === 'batch' ? of.batchId : null;
    const running = exports.value?.running ?? [];
    return running.find((one) => one.batchId === batchId && one.format === format.value) ?? null;
  });
  return { call, written, progress };
}
