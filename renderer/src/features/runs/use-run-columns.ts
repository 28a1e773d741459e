import type { RunColumn } from '#shared/contract/index.ts';
import { useStorage } from '@vueuse/core';
import type { Ref } from 'vue';
import { DEFAULT_COLUMNS, knownColumns } from './run-table-columns.ts';

function read(text: string): RunColumn[] {
  try {
    const stored: unknown = JSON.parse(text);
    const known = Array.isArray(stored) ? knownColumns(stored) : [];
    return known.length === 0 ? [...DEFAULT_COLUMNS] : known;
  } catch {
    return [...DEFAULT_COLUMNS];
  }
}

/** The columns of the list of runs in their order, as this browser remembers them. */
export function useRunColumns(): Ref<RunColumn[]> {
  return useStorage<RunColumn[]>('gongwei.runs.columns', () => [...DEFAULT_COLUMNS], undefined, {
    serializer: { read, write: (value) => JSON.stringify(value) },
    writeDefaults: false,
    listenToStorageChanges: false,
    onError: () => undefined,
  });
}
