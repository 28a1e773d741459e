import { reactive, watch } from 'vue';
import type { TableSort } from './table-types.ts';

/** The user's choices for a table. The browser stores them under the table's name. */
export interface TableSettings {
  /** Columns that differ from their default: `true` is shown. */
  columns: Record<string, boolean>;
  sort: TableSort | null;
  pageSize: number;
}

const PREFIX = 'gongwei.table.';

function remembered(name: string): Partial<TableSettings> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Storage is switched off, or another version wrote what cannot be read: the defaults hold.
    return {};
  }
}

/** `null` was chosen: the rows stand as they come. */
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

/** The settings of a table. Without a name they last as long as the table. */
export function useTableSettings(
  name: string | undefined,
  defaults: { readonly sort: TableSort | null; readonly pageSize: number },
): TableSettings {
  const before = name === undefined ? {} : remembered(name);
  const settings: TableSettings = reactive({
    columns: readColumns(before.columns),
    sort: readSort(before.sort, defaults.sort),
    pageSize: readPageSize(before.pageSize) ?? defaults.pageSize,
  });
  if (name !== undefined) {
    watch(settings, () => {
      try {
        localStorage.setItem(PREFIX + name, JSON.stringify(settings));
      } catch {
        // Storage is full or switched off: the choice lasts until the page is closed.
      }
    });
  }
  return settings;
}
