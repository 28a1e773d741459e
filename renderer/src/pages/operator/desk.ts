import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { asFault } from '../../link/index.ts';
import type { ScanEffect } from '../../scanner/index.ts';
import { useSounder } from '../../sound/index.ts';
import { useBatch, useClock, usePreferences, useRoute, useSlots } from '../../stores/index.ts';
import { newResults } from './new-results.ts';
import { ARMED_MS, answerOfKey, asksAnew, askingOf, loneKeysOf, slotAfter, targetOf } from './prompt-keys.ts';
import { type Said, saidBusy, saidNote, saidRefused, saidResult } from './said.ts';
import { toneOf } from './tone-of.ts';

export type Overlay = 'batches' | 'technical' | 'help';

/** How long a first Esc arms the second one. */
const STOP_ARMED_MS = 3_000;

/** What the operator is doing at this screen, and what every key and every scan does. */
export const useDesk = defineStore('desk', () => {
  const batch = useBatch();
  const slots = useSlots();
  const clock = useClock();
  const preferences = usePreferences();
  const route = useRoute();
  const sounder = useSounder();

  const typed = ref('');
  const capsLock = ref(false);
  const said = shallowRef<Said | null>(null);
  const overlay = ref<Overlay | null>(null);
  const cursor = ref(0);
  const technicalSlot = ref<number | null>(null);
  const stopArmedUntilMs = ref(0);

  const stoppable = computed(() => slots.running.filter((slot) => slot.run?.stopping !== true));
  const mustPick = computed(() => batch.state !== null && batch.active === null && slots.slots.length > 0);
  const picking = computed(() => mustPick.value || overlay.value === 'batches');
  const stopArmed = computed(() => stopArmedUntilMs.value > clock.nowMs && stoppable.value.length > 1);

  const asking = computed(() => askingOf(slots.slots));
  /** The question that is answered next, on the screen in large. */
  const target = computed(() => (picking.value ? null : targetOf(asking.value, slots.selected)));
  const loneKeys = computed(() =>
    picking.value
      ? { digits: true, letters: '' }
      : loneKeysOf(overlay.value === null ? (target.value?.prompt ?? null) : null),
  );
  const targetSinceMs = ref(0);
  const armed = computed(() => clock.nowMs - targetSinceMs.value >= ARMED_MS);
  let sentPromptId: string | null = null;
  watch(
    () => target.value?.prompt.promptId,
    () => (targetSinceMs.value = Date.now()),
    { flush: 'sync' },
  );

  const play = (name: Parameters<typeof sounder.play>[0]): void => {
    if (preferences.sound) sounder.play(name);
  };
  const context = (): Record<string, string> =>
    batch.active === null ? {} : { example: batch.active.recipe.serialExample };

  /** Things asked of the station go one after another, so that "slot 3" is settled before the serial behind it. */
  let queue = Promise.resolve();
  function ask(scanned: string | null, work: () => Promise<Said>): void {
    const atMs = Date.now();
    said.value = saidBusy(scanned, atMs);
    queue = queue.then(async () => {
      try {
        said.value = await work();
      } catch (error) {
        said.value = saidRefused(scanned, atMs, asFault(error), context());
        play('refused');
      }
    });
  }

  function submit(line: string): void {
    // A scan over the list of batches would be tested under the batch that is about to be left.
    if (overlay.value === 'batches' && !line.trim().startsWith('#')) {
      said.value = { ...saidNote(Date.now(), (say) => say.t('scan.batchFirst'), 'refused'), scanned: line };
      play('refused');
      return;
    }
    if (overlay.value !== 'batches') overlay.value = null;
    ask(line, async () => saidResult(line, Date.now(), await slots.scan(line)));
  }

  function start(): void {
    ask(null, async () => saidResult(null, Date.now(), await slots.scan('#GW#START#')));
  }

  function acknowledge(slot: number | null): void {
    ask(null, async () =>
      saidResult(null, Date.now(), { kind: 'acknowledged', ...(await slots.acknowledge(slot)) }),
    );
  }

  /** Answers the question on the screen; only once, and only when it has been seen. */
  function answer(value: string): void {
    const now = target.value;
    if (now === null || sentPromptId === now.prompt.promptId) return;
    if (Date.now() - targetSinceMs.value < ARMED_MS) return;
    const { slot } = now;
    const { promptId } = now.prompt;
    sentPromptId = promptId;
    ask(null, async () => {
      try {
        await slots.answer(slot, promptId, value);
      } catch (error) {
        sentPromptId = null;
        throw error;
      }
      return saidResult(null, Date.now(), { kind: 'answered', slot });
    });
  }

  /** True when this key answers what is asked, also when it came too early. */
  function answerByKey(key: ScanEffect): boolean {
    const prompt = overlay.value === null ? (target.value?.prompt ?? null) : null;
    const value = prompt === null ? null : answerOfKey(prompt, key);
    if (value === null) return false;
    answer(value);
    return true;
  }

  /** Another question is answered next. */
  function turnTo(slot: number | null): void {
    if (slot === null || slot === target.value?.slot) return;
    ask(null, async () => {
      await slots.select(slot);
      return saidNote(Date.now(), (say) => say.t('ask.title', { slot }));
    });
  }

  function stopAll(): void {
    stopArmedUntilMs.value = 0;
    ask(null, async () => saidResult(null, Date.now(), { kind: 'stopping', ...(await slots.stop(null)) }));
  }

  /** Space. It never starts anything that the operator cannot see. */
  function primary(): void {
    if (slots.waiting.length > 0) acknowledge(null);
    else if (answerByKey({ kind: 'space' })) return;
    else if (overlay.value === 'technical' || overlay.value === 'help') overlay.value = null;
    else if (!picking.value) start();
  }

  /** Esc: closes what lies on top; else stops, and when that means several runs asks for a second Esc. */
  function escape(): void {
    if (overlay.value !== null) overlay.value = null;
    else if (stoppable.value.length === 0) note((say) => say.t('scan.nothingToStop'));
    else if (stoppable.value.length === 1 || stopArmed.value) stopAll();
    else stopArmedUntilMs.value = Date.now() + STOP_ARMED_MS;
  }

  function note(what: Said['what']): void {
    said.value = saidNote(Date.now(), what);
  }

  function openBatches(): void {
    if (overlay.value === 'batches') overlay.value = null;
    else if (slots.running.length > 0) {
      said.value = saidNote(Date.now(), (say) => say.t('scan.batchLocked'), 'refused');
      play('refused');
    } else {
      overlay.value = 'batches';
      cursor.value = Math.max(
        0,
        batch.choices.findIndex((choice) => choice.batchId === batch.active?.batchId),
      );
    }
  }

  function choose(index: number): void {
    const choice = batch.choices[index];
    if (choice === undefined) return;
    cursor.value = index;
    ask(null, async () => {
      await batch.select(choice.batchId);
      if (overlay.value === 'batches') overlay.value = null;
      return saidNote(Date.now(), (say) => say.t('scan.batchChosen', { name: choice.name }), 'done');
    });
  }

  function moveCursor(by: number): void {
    if (!picking.value) return;
    cursor.value = Math.min(Math.max(0, cursor.value + by), Math.max(0, batch.choices.length - 1));
  }

  function openTechnical(slot: number | null): void {
    const target =
      slot ?? slots.waiting[0]?.slot ?? slots.slots.find((one) => one.fault !== null)?.slot ?? null;
    const open = overlay.value === 'technical' && (slot === null || technicalSlot.value === slot);
    technicalSlot.value = target;
    overlay.value = open ? null : 'technical';
  }

  function toggleHelp(): void {
    overlay.value = overlay.value === 'help' ? null : 'help';
  }

  function hear(effect: ScanEffect): void {
    switch (effect.kind) {
      case 'line':
        return submit(effect.text);
      case 'space':
        return primary();
      case 'escape':
        return escape();
      case 'enter':
        return picking.value ? choose(cursor.value) : void answerByKey(effect);
      case 'digit':
        return picking.value ? choose(effect.digit - 1) : void answerByKey(effect);
      case 'letter':
      case 'backspace':
        return void answerByKey(effect);
      case 'tab':
        return turnTo(target.value === null ? null : slotAfter(asking.value, target.value.slot));
      case 'cleared':
        return note((say) => say.t('scan.cleared'));
      case 'key':
        return press(effect.key);
    }
  }

  function press(key: Extract<ScanEffect, { kind: 'key' }>['key']): void {
    switch (key) {
      case 'ArrowUp':
      case 'ArrowLeft':
        return moveCursor(-1);
      case 'ArrowDown':
      case 'ArrowRight':
        return moveCursor(1);
      case 'F1':
        return toggleHelp();
      case 'F2':
        return openBatches();
      case 'F3':
        return openTechnical(null);
      case 'F6':
        return preferences.switchLanguage();
      case 'F7':
        return preferences.switchTheme();
      case 'F8':
        return preferences.switchSound();
      case 'F9':
        return route.go('office');
    }
  }

  watch(
    () => slots.state,
    (now, before) => {
      for (const tone of new Set(newResults(before?.slots ?? null, now?.slots ?? []).map(toneOf))) play(tone);
      if (asksAnew(before?.slots ?? null, now?.slots ?? [])) play('ask');
    },
  );
  // A run that was started from elsewhere (a card, another page) puts the list of batches away.
  watch(
    () => slots.running.length > 0,
    (busy) => {
      if (busy && overlay.value === 'batches') overlay.value = null;
    },
  );

  return {
    typed,
    capsLock,
    said,
    overlay,
    cursor,
    technicalSlot,
    stopArmedUntilMs,
    stopArmed,
    stoppable,
    picking,
    mustPick,
    asking,
    target,
    armed,
    loneKeys,
    answer,
    turnTo,
    hear,
    primary,
    escape,
    acknowledge,
    choose,
    openBatches,
    openTechnical,
    toggleHelp,
  };
});
