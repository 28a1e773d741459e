import { RUN_COLUMNS, type RunColumn } from '#shared/contract/index.ts';
import { MAX_COLUMN_NAME } from '#shared/contract/reports.ts';
import { useStorage } from '@vueuse/core';
import type { Ref } from 'vue';

/** Names that columns have in exported files, where they differ from the usual ones. */
export type ColumnNames = Readonly<Partial<Record<RunColumn, string>>>;

function read(text: string): ColumnNames {
  try {
    const stored: unknown = JSON.parse(text);
    if (typeof stored !== 'object' || stored === null) return {};
    const known = Object.entries(stored).filter(
      ([column, name]) =>
        RUN_COLUMNS.includes(column as RunColumn) && typeof name === 'string' && name.trim() !== '',
    );
    return Object.fromEntries(
      known.map(([column, name]) => [column, String(name).slice(0, MAX_COLUMN_NAME)]),
    );
  } catch {
    return {};
  }
}

/** The names of columns in exported files, as this browser remembers them. */
export function useColumnNames(): Ref<ColumnNames> {
  return useStorage<ColumnNames>('gongwei.runs.column-names', () => ({}), undefined, {
    serializer: { read, write: (value) => JSON.stringify(value) },
    writeDefaults: false,
    listenToStorageChanges: false,
    onError: () => undefined,
  });
}
