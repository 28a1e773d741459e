import { computed, type ComputedRef, ref, type Ref, watch } from 'vue';
import { useBatch, useSlots } from '#stores/index.ts';

import type { CommandQueue } from './command-queue.ts';
import type { Overlay } from './overlay.ts';
import { infoFeedback } from './feedback.ts';

export interface BatchChoice {
  /** Nothing can be done before a batch is chosen. */
  readonly mustPick: ComputedRef<boolean>;
  readonly picking: ComputedRef<boolean>;
  readonly cursor: Ref<number>;
  /** Opens the list, or closes it. */
  openBatches(): void;
  choose(index: number): void;
  moveCursor(by: number): void;
}

/** Which batch is worked on, chosen by number or by arrows; never while a test runs. */
export function useBatchChoice(commandQueue: CommandQueue, overlay: Ref<Overlay | null>): BatchChoice {
  const batch = useBatch();
  const slots = useSlots();
  const cursor = ref(0);
  const mustPick = computed(() => batch.state !== null && batch.active === null && slots.slots.length > 0);
  const picking = computed(() => mustPick.value || overlay.value === 'batches');

  // A run that was started by a command card or another page closes the list of batches.
  watch(
    () => slots.running.length > 0,
    (busy) => {
      if (busy && overlay.value === 'batches') overlay.value = null;
    },
  );

  return {
    mustPick,
    picking,
    cursor,
    openBatches() {
      if (overlay.value === 'batches') overlay.value = null;
      else if (slots.running.length > 0) commandQueue.refuse((i18n) => i18n.t('scan.batchLocked'));
      else {
        overlay.value = 'batches';
        cursor.value = Math.max(
          0,
          batch.selectable.findIndex((choice) => choice.batchId === batch.active?.batchId),
        );
      }
    },
    choose(index) {
      const choice = batch.selectable[index];
      if (choice === undefined) return;
      cursor.value = index;
      void commandQueue.ask(null, async () => {
        await batch.select(choice.batchId);
        if (overlay.value === 'batches') overlay.value = null;
        return infoFeedback(
          performance.now(),
          (i18n) => i18n.t('scan.batchChosen', { name: choice.name }),
          'done',
        );
      });
    },
    moveCursor(by) {
      if (!picking.value) return;
      cursor.value = Math.min(Math.max(0, cursor.value + by), Math.max(0, batch.selectable.length - 1));
    },
  };
}
