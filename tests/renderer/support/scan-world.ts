import { runView, slotView } from '../../../renderer/dev/fixtures/slots.ts';
import {
  answerOfKey,
  type Asking,
  askingOf,
  singleKeysOf,
  targetOf,
} from '../../../renderer/src/features/operator/prompt-keys.ts';
import {
  changeField,
  EMPTY_LINE,
  keyInField,
  nextFieldSettleAtMs,
  settleField,
} from '../../../renderer/src/services/scanner/field-line.ts';
import {
  discarded,
  EMPTY_BUFFER,
  nextSettleAtMs,
  settle,
  typeKey,
} from '../../../renderer/src/services/scanner/scan-buffer.ts';
import type { LineTimes, ScanEffect, ScanKey } from '../../../renderer/src/services/scanner/scan-effect.ts';
import type { PressedKeys, PromptView, SlotView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PROMPT_SEEN_MS, SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { recipe as recipeShape } from '#shared/recipe/index.ts';
import {
  Prompts,
  ScanDispatcher,
  type ScanDispatcherOptions,
} from '../../../station/execution/slots/index.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';

/** A key of the one keyboard that a person and a scanner share; `from` is who pressed it. */
export interface PressedKey {
  readonly atMs: number;
  readonly key: string;
  readonly from: number;
}

/** The result of one read or key: a started run or an answered question; `from` as of its keys. */
export interface Result {
  readonly what: 'started' | 'answered';
  readonly by: 'line' | 'key';
  readonly from: number;
}

export interface WorldOptions {
  readonly slots: number;
  /** The questions of each run, in turn. */
  readonly questions: readonly (readonly { readonly kind: PromptView['kind']; readonly afterMs: number }[])[];
  /** From the station to the screen, and from the page to the station. */
  readonly viewDelayMs: number;
  readonly callDelayMs: number;
}

const RECIPE = recipeShape.parse({
  gongwei: 'recipe/1',
  name: 'world',
  version: '1.0.0',
  title: { 'zh-CN': '测', en: 'Test' },
  product: 'P1',
  serialNumber: { pattern: 'SN\\d{4}', example: 'SN0001' },
  device: { profile: 'at-module', region: 'ap-guangzhou' },
  phases: [{ name: 'who', steps: [{ verb: 'identify' }] }],
});
const WORDS = { 'zh-CN': '问', en: 'Ask' };
const CHOICES = ['red', 'blue'].map((value) => ({ value, title: WORDS }));

/**
 * The page's rules and the station's on one clock, with everything between keys and answers in it: the buffer, the field
 * for words, the question on the screen, the queue of calls, the router, the questions. Only the browser and the
 * transport are missing.
 */
export async function playKeys(keys: readonly PressedKey[], options: WorldOptions): Promise<Result[]> {
  const results: Result[] = [];
  let nowMs = 0;
  const agenda: { readonly atMs: number; readonly work: () => void }[] = [];
  const later = (atMs: number, work: () => void): void => {
    const at = agenda.findIndex((one) => one.atMs > atMs);
    agenda.splice(at === -1 ? agenda.length : at, 0, { atMs, work });
  };

  // The station.
  const views: SlotView[] = Array.from({ length: options.slots }, (_, index) =>
    slotView({ slot: index + 1 }),
  );
  let selected: number | null = null;
  const seen: {
    readonly atMs: number;
    readonly asking: readonly Asking[];
    readonly selected: number | null;
  }[] = [];
  const publish = (): void => void seen.push({ atMs: nowMs, asking: askingOf(views), selected });
  const change = (slot: number, patch: Partial<SlotView>): void => {
    const view = views[slot - 1];
    if (view !== undefined) views[slot - 1] = { ...view, ...patch };
    publish();
  };
  let promptIds = 0;
  const prompts = new Prompts(
    {
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: () => new Promise(() => undefined) },
      random: { id: () => `prompt-${++promptIds}` },
    },
    ({ slot, prompt }) => {
      const run = views[slot - 1]?.run;
      if (run == null) return;
      change(slot, {
        run: { ...run, prompt: prompt === null ? null : { ...prompt, choices: [...prompt.choices] } },
      });
    },
  );
  const isFree = (slot: number): boolean => views[slot - 1]?.state === 'ready';
  const busy = (): never => {
    throw new Fault('slot-busy', 'busy');
  };
  const slots: ScanDispatcherOptions['slots'] = {
    get state() {
      return { slots: views, selected };
    },
    running: () => views.filter(({ state }) => state === 'running'),
    hasFree: () => views.some(({ slot }) => isFree(slot)),
    isFree,
    nextFree: () => views.find(({ slot }) => isFree(slot))?.slot ?? busy(),
    select(slot) {
      selected = slot;
      publish();
    },
    acknowledge: () => [],
    stop: () => [],
  };
  let runs = 0;
  function startUnit({ serialNumber }: { readonly serialNumber: string | null }): {
    slot: number;
    runId: string;
  } {
    if (serialNumber === null || !RECIPE.serialNumber.example.startsWith(serialNumber.slice(0, 2)))
      throw new Fault('serial-malformed', 'malformed');
    if (slots.running().some(({ run }) => run?.serialNumber === serialNumber))
      throw new Fault('serial-running', 'running');
    if (!/^SN\d{4}$/.test(serialNumber)) throw new Fault('serial-malformed', 'malformed');
    const slot = slots.nextFree();
    const run = runView({ runId: `run-${++runs}`, serialNumber, startedAtMs: Math.floor(nowMs) });
    change(slot, { state: 'running', run });
    void askAll(slot, run, options.questions[runs % options.questions.length] ?? []);
    return { slot, runId: run.runId };
  }
  async function askAll(
    slot: number,
    run: NonNullable<SlotView['run']>,
    questions: WorldOptions['questions'][number],
  ): Promise<void> {
    for (const { kind, afterMs } of questions) {
      const asked = Promise.withResolvers<undefined>();
      later(nowMs + afterMs, () => asked.resolve(undefined));
      await asked.promise;
      const choices = kind === 'choice' ? CHOICES : [];
      const request = { step: kind, kind, ask: WORDS, image: null, choices, unit: null };
      await prompts.ask({ slot, runId: run.runId }, request, 600_000, NEVER_ABORTED);
    }
  }
  const dispatcher = new ScanDispatcher({
    clock: { monotonicMs: () => nowMs },
    prompts,
    slots,
    selectedBatch: () => ({ batchId: 'b', recipe: RECIPE }),
    startUnit,
  });

  // The page.
  let buffer = EMPTY_BUFFER;
  let field: { readonly promptId: string; line: typeof EMPTY_LINE } | null = null;
  let shown: { readonly target: Asking | null; readonly sinceMs: number } = { target: null, sinceMs: 0 };
  let sent: string | null = null;
  let freeAtMs = 0;
  const fromAt = new Map(keys.map(({ atMs, from }) => [atMs, from]));

  function look(): void {
    const view = seen.findLast(({ atMs }) => atMs <= nowMs - options.viewDelayMs);
    const target = view === undefined ? null : targetOf(view.asking, view.selected);
    if (target?.prompt.promptId !== shown.target?.prompt.promptId) shown = { target, sinceMs: nowMs };
    follow();
  }
  /** As `listen.ts` does it. */
  function follow(): void {
    const prompt = shown.target?.prompt;
    const next = prompt?.kind === 'text' ? prompt.promptId : null;
    if (
      (field === null && (buffer.text !== '' || buffer.single !== null)) ||
      next === (field?.promptId ?? null)
    )
      return;
    const { text, firstKeyAtMs, lastKeyAtMs, directlyAfterLine, ended, typedByPerson } = {
      typedByPerson: true,
      ...(field?.line ?? buffer),
    };
    const half = !typedByPerson && nowMs - lastKeyAtMs < SINGLE_KEY_MS ? text : '';
    if (field !== null && half === '') discarded(field.line).forEach(onEffect);
    if (field !== null && (next === null || half !== ''))
      buffer = {
        ...EMPTY_BUFFER,
        scannerEnds: buffer.scannerEnds,
        text: half,
        firstKeyAtMs,
        lastKeyAtMs,
        directlyAfterLine,
        ended,
      };
    field =
      next === null || half !== ''
        ? null
        : { promptId: next, line: { ...EMPTY_LINE, lastKeyAtMs, ended, directlyAfterLine } };
  }
  function call(from: number, by: Result['by'], work: () => boolean): void {
    // One after another; each takes its way there and back.
    const atMs = Math.max(nowMs, freeAtMs) + options.callDelayMs;
    freeAtMs = atMs + options.callDelayMs;
    later(atMs, () => {
      try {
        const before = runs;
        const answered = work();
        if (runs > before) results.push({ what: 'started', by, from });
        if (answered) results.push({ what: 'answered', by, from });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        sent = null;
      }
    });
  }
  const pressed = (
    { firstKeyAtMs, lastKeyAtMs, directlyAfterLine }: LineTimes,
    ended: boolean,
  ): PressedKeys => ({
    firstMsAgo: nowMs - firstKeyAtMs,
    lastMsAgo: nowMs - lastKeyAtMs,
    ended,
    directlyAfterLine,
  });
  function give(value: string, times: LineTimes, by: Result['by']): void {
    const { target } = shown;
    if (target === null || sent === target.prompt.promptId) return;
    sent = target.prompt.promptId;
    const { slot, prompt } = target;
    call(fromAt.get(times.firstKeyAtMs) ?? -1, by, () => {
      dispatcher.answer(slot, prompt.promptId, value, pressed(times, true));
      return true;
    });
  }
  function onEffect(effect: ScanEffect): void {
    switch (effect.kind) {
      case 'line':
        return call(fromAt.get(effect.firstKeyAtMs) ?? -1, 'line', () => {
          const { kind } = dispatcher.scan(effect.text, pressed(effect, effect.ended), 'Li');
          return kind === 'answered';
        });
      case 'discarded':
        return call(-1, 'line', () => {
          dispatcher.reportUnusedScan(effect.text, pressed(effect, false));
          return false;
        });
      case 'typed-text':
        return give(effect.text, effect, 'line');
      case 'enter':
      case 'space':
      case 'digit':
      case 'letter':
      case 'backspace': {
        const value = shown.target === null ? null : answerOfKey(shown.target.prompt, effect);
        if (value === null || effect.atMs - shown.sinceMs < PROMPT_SEEN_MS) return;
        return give(
          value,
          { firstKeyAtMs: effect.atMs, lastKeyAtMs: effect.atMs, directlyAfterLine: false },
          'key',
        );
      }
      case 'tab':
      case 'escape':
      case 'cleared':
      case 'unended':
      case 'key':
        return;
    }
  }
  const singleKeyOptions = () => singleKeysOf(shown.target?.prompt ?? null);
  function press(key: ScanKey): void {
    look();
    if (field === null) {
      const typed = typeKey(buffer, key, singleKeyOptions());
      buffer = typed.buffer;
      typed.effects.forEach(onEffect);
    } else {
      const typed = keyInField(field.line, key);
      const changed = changeField(
        typed.line,
        typed.taken ? typed.line.text : writtenBy(typed.line.text, key),
        key.atMs,
      );
      field.line = changed.line;
      [...typed.effects, ...changed.effects].forEach(onEffect);
    }
    rest();
  }
  /** Applies the effects of time when they are due. */
  function rest(): void {
    const dueMs =
      field === null ? nextSettleAtMs(buffer, singleKeyOptions()) : nextFieldSettleAtMs(field.line);
    if (dueMs !== null) later(Math.max(nowMs, dueMs), settleNow);
  }
  function settleNow(): void {
    look();
    if (field === null) {
      const settled = settle(buffer, nowMs, singleKeyOptions());
      const changed = settled.buffer !== buffer;
      buffer = settled.buffer;
      settled.effects.forEach(onEffect);
      if (changed) rest();
    } else {
      const settled = settleField(field.line, nowMs);
      field.line = settled.line;
      settled.effects.forEach(onEffect);
    }
    look();
  }

  for (const { atMs, key } of keys) later(atMs, () => press({ key, atMs, repeat: false, modified: false }));
  for (;;) {
    const next = agenda.shift();
    if (next === undefined) return results;
    nowMs = Math.max(nowMs, next.atMs);
    next.work();
    for (let turn = 0; turn < 6; turn++) await Promise.resolve();
    look();
  }
}

/** Writes a key into a field with the caret at its end, as a browser does. */
function writtenBy(text: string, { key }: ScanKey): string {
  if (key === 'Backspace') return [...text].slice(0, -1).join('');
  return [...key].length === 1 ? text + key : text;
}
