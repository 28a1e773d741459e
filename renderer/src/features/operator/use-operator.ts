import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { useRouter } from 'vue-router';
import { parseScan } from '#shared/domain/scan/index.ts';
import {
  keyAgo,
  type LineTimes,
  type SingleKey,
  pressedAgo,
  type ScanEffect,
} from '#services/scanner/index.ts';
import { useClock, usePreferences, useSlots } from '#stores/index.ts';
import { useBatchChoice } from './batch-choice.ts';
import { useCommandQueue } from './command-queue.ts';
import { newResults } from './new-results.ts';
import type { Overlay } from './overlay.ts';
import { type Asking, asksAnew, newRefusal, singleKeysOf, slotAfter } from './prompt-keys.ts';
import { useQuestions } from './questions.ts';
import { answerRefused, resultFeedback } from './feedback.ts';
import { soundFor } from './sound-for.ts';
import { useWaitingSince } from './use-waiting-since.ts';

/** The time in which a second Esc confirms the first. */
const STOP_ARMED_MS = 3_000;

/** The state of the operator's page, and the effect of each key and scan. */
export const useOperator = defineStore('operator', () => {
  const slots = useSlots();
  const clock = useClock();
  const preferences = usePreferences();
  const router = useRouter();

  /** The operator's page has been shown since the document was loaded: a scan may have begun while it was not. */
  const wasShown = ref(false);
  const typed = ref('');
  const capsLock = ref(false);
  const overlay = ref<Overlay | null>(null);
  const technicalSlot = ref<number | null>(null);
  const stopArmedUntilMs = ref(0);

  const commandQueue = useCommandQueue();
  const { ask, inform, refuse, play } = commandQueue;
  const choice = useBatchChoice(commandQueue, overlay);
  const { picking } = choice;
  const questions = useQuestions(
    commandQueue,
    () => picking.value,
    () => overlay.value !== null,
  );
  const { asking, target } = questions;
  const results = useWaitingSince();
  /** The question that was asked again last, and since when. */
  const refusal = shallowRef<(Asking & { readonly atMs: number }) | null>(null);
  /** The station takes an answer before it can say that it is a wrong one. */
  const feedback = computed(() => {
    const now = commandQueue.feedback.value;
    if (now?.isAnswer !== true || refusal.value === null || refusal.value.atMs < now.atMs) return now;
    return answerRefused(now, refusal.value.slot, refusal.value.prompt);
  });

  const stoppable = computed(() => slots.running.filter((slot) => slot.run?.stopping !== true));
  const stopArmed = computed(() => stopArmedUntilMs.value > clock.steadyMs && stoppable.value.length > 1);
  const singleKeys = computed(() =>
    picking.value
      ? { digits: true, letters: '' }
      : singleKeysOf(overlay.value === null ? (target.value?.prompt ?? null) : null),
  );

  function submit(line: string, times: LineTimes, ended: boolean): void {
    // A scan while the list of batches is open would be tested under the old batch.
    if (overlay.value === 'batches' && parseScan(line).kind === 'serial') {
      commandQueue.reportUnusedScan({ text: line, ...times });
      refuse((i18n) => i18n.t('scan.batchFirst'), line);
      return;
    }
    if (overlay.value !== 'batches') overlay.value = null;
    void ask(
      line,
      async () => resultFeedback(line, performance.now(), await slots.scan(line, pressedAgo(times, ended))),
      { text: line, ...times },
    );
  }

  function start(atMs: number): void {
    void ask(null, async () =>
      resultFeedback(null, performance.now(), await slots.scan('#GW#START#', keyAgo(atMs))),
    );
  }

  function acknowledge(slot: number | null): void {
    void ask(null, async () =>
      resultFeedback(null, performance.now(), { kind: 'acknowledged', ...(await slots.acknowledge(slot)) }),
    );
  }

  function stopAll(): void {
    stopArmedUntilMs.value = 0;
    void ask(null, async () =>
      resultFeedback(null, performance.now(), { kind: 'stopping', ...(await slots.stop(null)) }),
    );
  }

  /** Space. It starts nothing that is not visible, and acknowledges no result that appeared after the key. */
  function primary(atMs = performance.now()): void {
    if (slots.waiting.length > 0) {
      if (results.stoodAt(atMs)) acknowledge(null);
      else inform((i18n) => i18n.t('scan.resultTooSoon'));
    } else if (questions.answerByKey({ kind: 'space' }, atMs)) return;
    else if (overlay.value === 'technical' || overlay.value === 'help') overlay.value = null;
    else if (!picking.value) start(atMs);
  }

  /** Esc closes the top panel. Without one it stops runs; for several runs it requires a second Esc. */
  function escape(): void {
    if (overlay.value !== null) overlay.value = null;
    else if (stoppable.value.length === 0) inform((i18n) => i18n.t('scan.nothingToStop'));
    else if (stoppable.value.length === 1 || stopArmed.value) stopAll();
    else stopArmedUntilMs.value = clock.steadyMs + STOP_ARMED_MS;
  }

  function openTechnical(slot: number | null): void {
    const about =
      slot ?? slots.waiting[0]?.slot ?? slots.slots.find((one) => one.fault !== null)?.slot ?? null;
    const open = overlay.value === 'technical' && (slot === null || technicalSlot.value === slot);
    technicalSlot.value = about;
    overlay.value = open ? null : 'technical';
  }

  function toggleHelp(): void {
    overlay.value = overlay.value === 'help' ? null : 'help';
  }

  const answerByKey = (effect: SingleKey & { readonly atMs: number }): void =>
    void questions.answerByKey(effect, effect.atMs);

  function handleScan(effect: ScanEffect): void {
    switch (effect.kind) {
      case 'line':
        return submit(effect.text, effect, effect.ended);
      case 'typed-text':
        overlay.value = null;
        return questions.answerWritten(effect.text, effect);
      case 'space':
        return primary(effect.atMs);
      case 'escape':
        return escape();
      case 'enter':
        return picking.value ? choice.choose(choice.cursor.value) : answerByKey(effect);
      case 'digit':
        return picking.value ? choice.choose(effect.digit - 1) : answerByKey(effect);
      case 'letter':
      case 'backspace':
        return answerByKey(effect);
      case 'tab':
        return questions.selectSlot(
          target.value === null ? null : slotAfter(asking.value, target.value.slot),
        );
      case 'discarded':
        return commandQueue.reportUnusedScan(effect);
      case 'cleared':
        return inform((i18n) => i18n.t(effect.by === 'time' ? 'scan.forgotten' : 'scan.cleared'));
      case 'cut':
        return refuse((i18n) => i18n.t('scan.cut'), effect.text ?? undefined);
      case 'unended':
        return inform((i18n) => i18n.t('scan.unended'));
      case 'key':
        return press(effect.key);
    }
  }

  function press(key: Extract<ScanEffect, { kind: 'key' }>['key']): void {
    switch (key) {
      case 'ArrowUp':
      case 'ArrowLeft':
        return choice.moveCursor(-1);
      case 'ArrowDown':
      case 'ArrowRight':
        return choice.moveCursor(1);
      case 'F1':
        return toggleHelp();
      case 'F2':
        return choice.openBatches();
      case 'F3':
        return openTechnical(null);
      case 'F6':
        return preferences.switchLanguage();
      case 'F7':
        return preferences.switchTheme();
      case 'F8':
        return preferences.switchSound();
      case 'F9':
        return void router.push({ name: 'back-office' });
    }
  }

  watch(
    () => slots.state,
    (now, before) => {
      for (const sound of new Set(
        newResults(before?.slots ?? null, now?.slots ?? []).map(({ run }) =>
          soundFor(run?.outcome ?? 'ERROR'),
        ),
      ))
        play(sound);
      const refused = newRefusal(before?.slots ?? null, now?.slots ?? []);
      if (refused !== null) {
        refusal.value = { ...refused, atMs: performance.now() };
        play('refused');
      } else if (asksAnew(before?.slots ?? null, now?.slots ?? [])) play('ask');
    },
  );

  return {
    ...choice,
    ...questions,
    feedback,
    wasShown,
    typed,
    capsLock,
    overlay,
    technicalSlot,
    stopArmedUntilMs,
    stopArmed,
    stoppable,
    singleKeys,
    handleScan,
    primary,
    escape,
    acknowledge,
    openTechnical,
    toggleHelp,
  };
});
