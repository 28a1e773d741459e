import { useStorage } from '@vueuse/core';
import { reactive } from 'vue';
import type { TableSort } from './table-types.ts';

/** The user's choices for a table. The browser stores them under the table's name. */
export interface TableSettings {
  /** Columns that differ from their default: `true` is shown. */
  columns: Record<string, boolean>;
  sort: TableSort | null;
  pageSize: number;
}

const PREFIX = 'gongwei.table.';

/** A stored `null` means that the rows are not sorted. */
function readSort(value: unknown, fallback: TableSort | null): TableSort | null {
  if (value === null) return null;
  if (typeof value !== 'object') return fallback;
  const { key, descending } = value as Partial<TableSort>;
  return typeof key === 'string' ? { key, descending: descending === true } : fallback;
}

function readColumns(value: unknown): Record<string, boolean> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry) => typeof entry[1] === 'boolean'));
}

const readPageSize = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;

/** Settings that another version wrote fall back to the defaults, one by one. */
function readSettings(text: string, defaults: TableSettings): TableSettings {
  let stored: Partial<Record<keyof TableSettings, unknown>> | null;
  try {
    stored = JSON.parse(text) as typeof stored;
  } catch {
    return defaults;
  }
  return {
    columns: readColumns(stored?.columns),
    sort: readSort(stored?.sort, defaults.sort),
    pageSize: readPageSize(stored?.pageSize) ?? defaults.pageSize,
  };
}

/**
 * The settings of a table. Without a name, and in a browser whose storage is full or switched off, they last as long as
 * the table.
 */
export function useTableSettings(
  name: string | undefined,
  { sort, pageSize }: { readonly sort: TableSort | null; readonly pageSize: number },
): TableSettings {
  const defaults = (): TableSettings => ({ columns: {}, sort, pageSize });
  if (name === undefined) return reactive(defaults());
  const settings = useStorage<TableSettings>(PREFIX + name, defaults, undefined, {
    serializer: { read: (text) => readSettings(text, defaults()), write: (value) => JSON.stringify(value) },
    writeDefaults: false,
    listenToStorageChanges: false,
    onError: () => undefined,
  });
  return settings.value;
}
