import type { PressedKeys, ScanResult, SlotView } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useTopic } from './use-topic.ts';

/** The fixture positions, live, and what an operator may do to them. Every action rejects with a Fault when refused. */
export const useSlots = defineStore('slots', () => {
  const client = useStationClient();
  const state = useTopic('slots');

  const slots = computed<readonly SlotView[]>(() => state.value?.slots ?? []);
  const selected = computed(() => state.value?.selected ?? null);
  const running = computed(() => slots.value.filter((slot) => slot.state === 'running'));
  /** Results that a person must see, the one that has waited longest first: the order in which Space takes them. */
  const waiting = computed(() =>
    slots.value
      .filter((slot) => slot.state === 'finished' && !slot.acknowledged)
      .sort((a, b) => (a.run?.finishedAtMs ?? 0) - (b.run?.finishedAtMs ?? 0) || a.slot - b.slot),
  );

  const scan = (text: string, pressed: PressedKeys): Promise<ScanResult> =>
    client.call('slots.scan', { text, pressed });
  const reportUnusedScan = (text: string, pressed: PressedKeys): Promise<unknown> =>
    client.call('slots.reportUnusedScan', { text, pressed });
  const acknowledge = (slot: number | null): Promise<{ slots: number[] }> =>
    client.call('slots.acknowledge', { slot });
  const stop = (slot: number | null): Promise<{ slots: number[] }> => client.call('slots.stop', { slot });

  /** The next scan or answer is for this slot. */
  const select = (slot: number | null): Promise<unknown> => client.call('slots.select', { slot });
  /** `pressed`: `null` when it was a button. */
  const answer = (
    slot: number,
    promptId: string,
    answer: string,
    pressed: PressedKeys | null,
  ): Promise<unknown> =>
    client.call('slots.answer', { slot, promptId, answer, ...(pressed === null ? {} : { pressed }) });

  /** The answer to a prompt for a photo, which was uploaded before. */
  const answerPhoto = (slot: number, promptId: string, fileId: string): Promise<unknown> =>
    client.call('slots.answerPhoto', { slot, promptId, fileId });

  return {
    answerPhoto,
    state,
    slots,
    selected,
    running,
    waiting,
    scan,
    reportUnusedScan,
    acknowledge,
    stop,
    select,
    answer,
  };
});
