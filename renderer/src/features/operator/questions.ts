import type { PressedKeys } from '#shared/contract/index.ts';
import { computed, type ComputedRef, ref, type Ref, type ShallowRef, shallowRef, watch } from 'vue';
import { keyAgo, type LineTimes, type SingleKey, pressedAgo } from '#services/scanner/index.ts';
import { useClock, useSlots } from '#stores/index.ts';
import type { CommandQueue } from './command-queue.ts';
import { answerOfKey, ARMED_MS, type Asking, askingOf, targetOf } from './prompt-keys.ts';
import { infoFeedback, resultFeedback } from './feedback.ts';
import type { UnsentRead } from './unsent-reads.ts';

export interface Questions {
  /** Every slot that asks, the one that has waited longest first. */
  readonly asking: ComputedRef<Asking[]>;
  /** The question that is answered next, on the screen in large. */
  readonly target: ComputedRef<Asking | null>;
  /** It has been seen long enough for a single key to be meant for it. */
  readonly armed: ComputedRef<boolean>;
  /** Where its answer is written, when it is one that is written. */
  readonly written: ShallowRef<HTMLInputElement | null>;
  /** What was written so far, by question: turning to another one and back loses nothing. */
  readonly drafts: Ref<Record<string, string>>;
  /** By a button; only once, and only when it has been seen. */
  answer(value: string): void;
  /** What was written into its field. */
  answerWritten(text: string, times: LineTimes): void;
  /** True when this key, pressed at that time, answers what is asked; also when it came too early. */
  answerByKey(key: SingleKey, atMs: number): boolean;
  /** Another question is answered next. */
  selectSlot(slot: number | null): void;
}

/** What runs ask the person who stands here. `hidden`: nothing is asked at present; `covered`: no key answers. */
export function useQuestions(
  commandQueue: CommandQueue,
  hidden: () => boolean,
  covered: () => boolean,
): Questions {
  const slots = useSlots();
  const clock = useClock();
  const asking = computed(() => askingOf(slots.slots));
  const target = computed(() => (hidden() ? null : targetOf(asking.value, slots.selected)));
  const written = shallowRef<HTMLInputElement | null>(null);
  const drafts = ref<Record<string, string>>({});
  // A page that is opened anew shows its question from now on.
  const sinceMs = ref(performance.now());
  let sentPromptId: string | null = null;

  watch(
    () => target.value?.prompt.promptId,
    () => (sinceMs.value = performance.now()),
    { flush: 'sync' },
  );
  // The draft of a prompt that has gone is dropped.
  watch(asking, (now) => {
    const standing = new Set(now.map(({ prompt }) => prompt.promptId));
    for (const promptId of Object.keys(drafts.value)) {
      if (!standing.has(promptId)) Reflect.deleteProperty(drafts.value, promptId);
    }
  });

  function give(value: string, pressed: () => PressedKeys | null, read?: UnsentRead): void {
    const now = target.value;
    if (now === null || sentPromptId === now.prompt.promptId) return;
    const { slot } = now;
    const { promptId } = now.prompt;
    sentPromptId = promptId;
    const asked = commandQueue.ask(
      null,
      async () => {
        await slots.answer(slot, promptId, value, pressed());
        return resultFeedback(null, performance.now(), { kind: 'answered', slot });
      },
      read,
    );
    void asked.then((done) => {
      if (!done) sentPromptId = null;
    });
  }

  /** A key counts by when it was pressed: an answer to the last question is none to this one. */
  function answer(value: string, atMs: number | null): void {
    if ((atMs ?? performance.now()) - sinceMs.value < ARMED_MS)
      commandQueue.inform((i18n) => i18n.t('ask.tooSoon'));
    else give(value, () => (atMs === null ? null : keyAgo(atMs)));
  }

  return {
    asking,
    target,
    armed: computed(() => clock.steadyMs - sinceMs.value >= ARMED_MS),
    written,
    drafts,
    answer: (value) => answer(value, null),
    answerWritten: (text, times) => give(text, () => pressedAgo(times), { text, ...times }),
    answerByKey(key, atMs) {
      const prompt = covered() ? null : (target.value?.prompt ?? null);
      const value = prompt === null ? null : answerOfKey(prompt, key);
      if (value === null) return false;
      answer(value, atMs);
      return true;
    },
    selectSlot(slot) {
      if (slot === null || slot === target.value?.slot) return;
      void commandQueue.ask(null, async () => {
        await slots.select(slot);
        return infoFeedback(performance.now(), (i18n) => i18n.t('ask.title', { slot }));
      });
    },
  };
}
