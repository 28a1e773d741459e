import type { DialogueEntry } from '#shared/contract/index.ts';
import { computed, onMounted, reactive, shallowRef } from 'vue';
import { type FaultView, useCall } from '#services/client/index.ts';

export interface Dialogue {
  /** The entries read so far; `null` until the first ones are there. */
  readonly entries: readonly DialogueEntry[] | null;
  readonly total: number;
  readonly cutOff: boolean;
  readonly busy: boolean;
  readonly fault: FaultView | null;
  /** Reads the next entries. */
  readonly more: () => Promise<void>;
}

const ENTRIES_AT_ONCE = 2_000;

/** The dialogue of a run; the first part is read when the component is mounted. */
export function useDialogue(runId: () => string): Dialogue {
  const entries = shallowRef<readonly DialogueEntry[] | null>(null);
  const reading = useCall(
    ({ call }, from: number) => call('runs.dialogue', { runId: runId(), from, limit: ENTRIES_AT_ONCE }),
    { repeatAfterLoss: true },
  );
  async function more(): Promise<void> {
    const before = entries.value ?? [];
    const found = await reading.run(before.length);
    if (found !== undefined) entries.value = [...before, ...found.entries];
  }
  onMounted(more);
  return reactive({
    entries,
    total: computed(() => reading.data?.total ?? 0),
    cutOff: computed(() => reading.data?.cutOff ?? false),
    busy: computed(() => reading.pending),
    fault: computed(() => reading.fault),
    more,
  });
}
