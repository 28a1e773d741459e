import { computed, onBeforeUnmount, onMounted, ref } from 'vue';
import { type CallContext, useCall, useStationClient } from '#services/client/index.ts';
import { useUnsavedInput } from '#services/navigation/index.ts';
import { useTopicHere } from './use-topic-here.ts';

type StationCall = CallContext['call'];

/** How a file of one kind is previewed, imported and discarded at the station. */
export interface FileImport<P, R, C> {
  /** The id of the uploaded file. */
  readonly fileId: () => string;
  /** `choice`: the columns that a person has chosen; `null` for the recognised ones. */
  readonly preview: (call: StationCall, choice: C | null) => Promise<P>;
  readonly importRows: (call: StationCall, choice: C | null, skipBad: boolean) => Promise<R>;
  readonly discard: (call: StationCall) => Promise<unknown>;
  /** At least one row was added. */
  readonly onImported: (result: R) => void;
}

/**
 * The preview of a file, then its import: all rows, or only the correct ones. The file is previewed when the component is mounted, and
 * discarded at the station when it is unmounted.
 */
export function useFileImport<
  P extends { readonly rejected: number },
  R extends { readonly added: number },
  C,
>({ fileId, preview, importRows, discard, onImported }: FileImport<P, R, C>) {
  const client = useStationClient();
  const imports = useTopicHere('imports');
  const skipBad = ref(false);
  /** A choice of columns that the preview does not use yet. */
  const pending = ref(false);
  let choice: C | null = null;
  const read = useCall(({ call }) => preview(call, choice));
  const importing = useCall(({ call }) => importRows(call, choice, skipBad.value), { overlap: 'ignore' });
  const found = computed(() => read.data);
  // A file was previewed and not imported: leaving the page discards it at the station.
  useUnsavedInput(() => found.value !== null);

  async function load(): Promise<void> {
    importing.reset();
    const result = await read.run();
    if (result?.rejected === 0) skipBad.value = false;
  }
  async function importAll(): Promise<void> {
    const result = await importing.run();
    if (result === undefined) return;
    if (result.added > 0) onImported(result);
    // The records have changed since the preview.
    else await load();
  }
  function choose(chosen: C): void {
    choice = chosen;
    void load();
  }

  onMounted(load);
  onBeforeUnmount(() => {
    // Cancelled before the file is discarded, so that no call reads it.
    read.cancel();
    importing.cancel();
    void discard((...args) => client.call(...args)).catch(() => undefined);
  });
  return {
    skipBad,
    pending,
    importing,
    load,
    importAll,
    choose,
    preview: found,
    busy: computed(() => read.pending || importing.pending),
    fault: computed(() => importing.fault ?? read.fault),
    rowsRead: computed(() => imports.value?.running.find((one) => one.fileId === fileId())?.rows ?? 0),
  };
}
