import type { PressedKeys } from '#shared/contract/index.ts';
import { PROMPT_SEEN_MS } from '#shared/domain/scan/index.ts';
import { computed, type ComputedRef, ref, type Ref, type ShallowRef, shallowRef, watch } from 'vue';
import { keyAgo, type LineTimes, type SingleKey, pressedAgo } from '#services/scanner/index.ts';
import { useClock, useSlots } from '#stores/index.ts';
import type { CommandQueue } from './command-queue.ts';
import { answerOfKey, type Asking, askingOf, targetOf } from './prompt-keys.ts';
import { infoFeedback, resultFeedback } from './feedback.ts';
import type { UnusedScan } from './unused-scans.ts';

export interface Questions {
  /** All slots with a question, the longest waiting first. */
  readonly asking: ComputedRef<Asking[]>;
  /** The question that is answered next, in the large panel. */
  readonly target: ComputedRef<Asking | null>;
  /** It has been visible long enough to be answered by a single key. */
  readonly armed: ComputedRef<boolean>;
  /** The text field of its answer, if it has one. */
  readonly answerField: ShallowRef<HTMLInputElement | null>;
  /** The panel of a photo, if one is asked for. */
  readonly photoPanel: ShallowRef<PhotoPanel | null>;
  /** Sends the photo that answers the question; true when it did. */
  answerPhoto(send: () => Promise<string>): Promise<boolean>;
  /** The drafts of the answers, by question; they stay when another question is selected. */
  readonly drafts: Ref<Record<string, string>>;
  /** Answers by a button; once, and only after the question has been visible long enough. */
  answer(value: string): void;
  /** The text of its field. */
  answerWritten(text: string, times: LineTimes): void;
  /** True when this key answers the question; also when it was pressed too early and has no effect. */
  answerByKey(key: SingleKey, atMs: number): boolean;
  /** Another question is answered next. */
  selectSlot(slot: number | null): void;
}

/** What keys do in the panel of a photo. */
export interface PhotoPanel {
  /** Takes the photo; then keeps it. */
  proceed(): void;
  /** Takes it again. */
  again(): void;
}

/** The questions of runs to the operator. `hidden`: nothing is asked at present; `covered`: no key answers. */
export function useQuestions(
  commandQueue: CommandQueue,
  hidden: () => boolean,
  covered: () => boolean,
): Questions {
  const slots = useSlots();
  const clock = useClock();
  const asking = computed(() => askingOf(slots.slots));
  const target = computed(() => (hidden() ? null : targetOf(asking.value, slots.selected)));
  const answerField = shallowRef<HTMLInputElement | null>(null);
  const photoPanel = shallowRef<PhotoPanel | null>(null);
  const drafts = ref<Record<string, string>>({});
  // A page that was just opened shows its question from now on.
  const sinceMs = ref(performance.now());
  let sentPromptId: string | null = null;

  watch(
    () => target.value?.prompt.promptId,
    () => (sinceMs.value = performance.now()),
    { flush: 'sync' },
  );
  // The drafts of ended prompts are removed.
  watch(asking, (now) => {
    const standing = new Set(now.map(({ prompt }) => prompt.promptId));
    for (const promptId of Object.keys(drafts.value)) {
      if (!standing.has(promptId)) Reflect.deleteProperty(drafts.value, promptId);
    }
  });

  function give(value: string, pressed: () => PressedKeys | null, scan?: UnusedScan): void {
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
      scan,
    );
    void asked.then((done) => {
      if (!done) sentPromptId = null;
    });
  }

  /**
   * A key counts at the time it was pressed: an Enter for the previous question does not answer this one. The limit does not
   * apply to codes and complete lines.
   */
  function answer(value: string, atMs: number | null): void {
    if ((atMs ?? performance.now()) - sinceMs.value < PROMPT_SEEN_MS)
      commandQueue.inform((i18n) => i18n.t('ask.tooSoon'));
    else give(value, () => (atMs === null ? null : keyAgo(atMs)));
  }

  async function answerPhoto(send: () => Promise<string>): Promise<boolean> {
    const now = target.value;
    if (now === null || sentPromptId === now.prompt.promptId) return false;
    const { slot } = now;
    const { promptId } = now.prompt;
    sentPromptId = promptId;
    const done = await commandQueue.ask(null, async () => {
      await slots.answerPhoto(slot, promptId, await send());
      return infoFeedback(performance.now(), (i18n) => i18n.t('ask.photoSent', { slot }));
    });
    if (!done) sentPromptId = null;
    return done;
  }

  /** True when the key did something in the panel of a photo; too early after the question it does nothing. */
  function pressInPhoto(panel: PhotoPanel, { kind }: SingleKey, atMs: number): boolean {
    if (kind !== 'enter' && kind !== 'space' && kind !== 'backspace') return false;
    if (atMs - sinceMs.value < PROMPT_SEEN_MS) commandQueue.inform((i18n) => i18n.t('ask.tooSoon'));
    else if (kind === 'backspace') panel.again();
    else panel.proceed();
    return true;
  }

  return {
    photoPanel,
    answerPhoto,
    asking,
    target,
    armed: computed(() => clock.steadyMs - sinceMs.value >= PROMPT_SEEN_MS),
    answerField,
    drafts,
    answer: (value) => answer(value, null),
    answerWritten: (text, times) => give(text, () => pressedAgo(times), { text, ...times }),
    answerByKey(key, atMs) {
      const prompt = covered() ? null : (target.value?.prompt ?? null);
      const panel = photoPanel.value;
      if (prompt?.kind === 'photo' && panel !== null) return pressInPhoto(panel, key, atMs);
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
