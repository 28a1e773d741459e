import type { PressedKeys, ScanResult } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type Recipe, serialMatches } from '#shared/domain/recipe/index.ts';
import {
  isBesideStart,
  judgeRead,
  type KeyTimes,
  LINE_END_MS,
  NO_READS,
  parseScan,
  type Read,
  type ReadJudgement,
  type ReadOutcome,
  rememberRead,
  sameScanText,
  type Scan,
  SEEN_MS,
} from '#shared/domain/scan/index.ts';
import type { Clock } from '../platform/index.ts';
import type { Prompt } from '../runner/index.ts';
import type { PromptDesk, Standing } from './prompt-desk.ts';
import { askedFor, askedForText, choiceOf, takesText } from './route-answer.ts';
import {
  nobodyAsks,
  noBatch,
  noSerialOnLabel,
  readTwice,
  startedByNumber,
  tooSoon,
  unended,
} from './scan-faults.ts';
import type { SlotBank, StartedRun } from './slot-bank.ts';

export interface ScanRouterParts {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly prompts: Pick<PromptDesk, 'answer' | 'at' | 'waiting'>;
  readonly slots: Pick<
    SlotBank,
    'state' | 'running' | 'hasFree' | 'isFree' | 'nextFree' | 'select' | 'acknowledge' | 'stop'
  >;
  /** The batch that is being worked on. */
  readonly active: () => { readonly batchId: string; readonly recipe: Recipe } | null;
  readonly startUnit: (order: {
    readonly batchId: string;
    readonly serialNumber: string | null;
    readonly operator: string;
    readonly slot?: number;
  }) => Pick<StartedRun, 'slot' | 'runId'>;
}

/** Where every scan and every answer of this station comes in, whatever host it comes from. */
export interface ScanRouter {
  /**
   * One scanned line: starts a unit, answers a question, or is a command. `pressed`: when its keys were pressed, of a host
   * that hears them. Faults: `scan-repeated`, `answer-too-soon`, `scan-unended`, `serial-blank`, `batch-missing`,
   * `prompt-none`, `bad-input`, those of starting, selecting and answering.
   */
  scan(text: string, pressed: PressedKeys | null, operator: string): ScanResult;
  /** Answers one question. `pressed`: by keys, and when. Faults: `scan-repeated`, `answer-too-soon`, those of `PromptDesk`. */
  answer(slot: number, promptId: string, answer: string, pressed: PressedKeys | null): void;
}

/** A read that is being routed. */
interface Incoming extends KeyTimes {
  readonly scan: Scan;
  readonly text: string;
  /** Throws when it must not answer this question. */
  readonly mayAnswer: (asked: Standing | null) => void;
}

/**
 * Decides what each read is for. What a scanner reads twice, and what came out of it together with a line that started a
 * run, answers nothing, on any slot (`judgeRead`); a number that is on a slot answers only a question that was seen.
 */
export function createScanRouter(parts: ScanRouterParts): ScanRouter {
  const { prompts, slots } = parts;
  let history = NO_READS;

  const timesOf = (pressed: PressedKeys | null): KeyTimes => {
    const nowMs = parts.clock.monotonicMs();
    return {
      firstKeyAtMs: nowMs - (pressed?.firstMsAgo ?? 0),
      lastKeyAtMs: nowMs - (pressed?.lastMsAgo ?? 0),
    };
  };

  /** What it means here: the reading that the recipe knows. */
  function serialOf(scan: Scan & { readonly kind: 'serial' }): string {
    const recipe = parts.active()?.recipe;
    const known = recipe === undefined ? undefined : scan.readings.find((one) => serialMatches(recipe, one));
    return known ?? scan.serialNumber;
  }
  const runningWith = (scan: Scan & { readonly kind: 'serial' }): number | null =>
    slots.running().find(({ run }) => run?.serialNumber != null && scan.readings.includes(run.serialNumber))
      ?.slot ?? null;

  /** A serial number of the recipe, with a slot for it, that is on no slot yet. */
  function isNextUnit(scan: Scan & { readonly kind: 'serial' }): boolean {
    const recipe = parts.active()?.recipe;
    if (recipe === undefined || !serialMatches(recipe, serialOf(scan))) return false;
    return slots.hasFree() && runningWith(scan) === null;
  }

  /**
   * A text that a recipe waits for. What looks like the next unit starts that one, unless the slot that asks was
   * selected: then there is no doubt.
   */
  function answerText(read: Incoming & { readonly scan: { readonly kind: 'serial' } }): ScanResult | null {
    const { selected } = slots.state;
    const asked = askedForText(prompts.waiting(), selected, read.text);
    if (asked === null || (asked.slot !== selected && isNextUnit(read.scan))) return null;
    read.mayAnswer(asked);
    prompts.answer(asked.slot, asked.prompt.promptId, read.text);
    return { kind: 'answered', slot: asked.slot };
  }

  /** An answer by a code of the card. */
  function answerCode(read: Incoming, fits: (prompt: Prompt) => string | null): ScanResult | null {
    const asked = askedFor(prompts.waiting(), slots.state.selected, (prompt) => fits(prompt) !== null);
    if (asked === null) return null;
    read.mayAnswer(asked);
    prompts.answer(asked.slot, asked.prompt.promptId, fits(asked.prompt) ?? '');
    return { kind: 'answered', slot: asked.slot };
  }
  const verdict = (read: Incoming, answer: 'pass' | 'fail'): ScanResult =>
    answerCode(read, ({ kind }) => (kind === 'pass-fail' ? answer : null)) ?? nobodyAsks();

  function startOne(scan: Scan & { readonly kind: 'serial' }, operator: string): ScanResult {
    const active = parts.active();
    if (active === null) throw noBatch();
    if (scan.readings.length === 0) throw noSerialOnLabel(active.recipe);
    const { batchId } = active;
    const { slot, runId } = parts.startUnit({ batchId, serialNumber: serialOf(scan), operator });
    return { kind: 'started', slot, runId };
  }

  /** Every free slot, as far as the batch still wants units. */
  function startTogether(operator: string): ScanResult {
    const active = parts.active();
    if (active === null) throw noBatch();
    const { batchId, recipe } = active;
    if (!recipe.serialNumber.optional) throw startedByNumber();
    // Says why, when there is none.
    slots.nextFree();
    const runs: { slot: number; runId: string }[] = [];
    for (const { slot } of slots.state.slots) {
      if (!slots.isFree(slot)) continue;
      try {
        runs.push({ slot, runId: parts.startUnit({ batchId, serialNumber: null, operator, slot }).runId });
      } catch (error) {
        // What keeps one slot from starting need not keep the others; a batch that is complete keeps all that follow.
        if (!(error instanceof Fault) || runs.length === 0) throw error;
        if (error.code === 'batch-complete') break;
      }
    }
    return { kind: 'started-together', runs };
  }

  function route(read: Incoming, operator: string): ScanResult {
    const { scan } = read;
    switch (scan.kind) {
      case 'serial':
        return answerText({ ...read, scan }) ?? startOne(scan, operator);
      case 'slot':
        slots.select(scan.slot);
        return { kind: 'selected', slot: scan.slot };
      case 'acknowledge':
        read.mayAnswer(null);
        return { kind: 'acknowledged', slots: slots.acknowledge(null) };
      case 'stop':
        return { kind: 'stopping', slots: slots.stop(null) };
      case 'pass':
        return verdict(read, 'pass');
      case 'fail':
        return verdict(read, 'fail');
      case 'choice':
        return answerCode(read, (prompt) => choiceOf(prompt, scan.value)) ?? nobodyAsks();
      case 'start':
        return answerCode(read, ({ kind }) => (kind === 'confirm' ? 'ok' : null)) ?? startTogether(operator);
      case 'blank':
        throw new Fault('serial-blank', 'no serial number was scanned', {
          hint: 'Scan the serial number on the unit.',
        });
      case 'unknown-command':
        throw new Fault('bad-input', `${scan.text} is not a command of this station`, {
          hint: 'Scan the unit, or a code of the command card.',
        });
    }
  }

  /** A repeat that answers nothing may come through: a stop, a slot, a unit whose result somebody has acknowledged. */
  function mayRepeat({ kind }: Scan, first: NonNullable<ReadJudgement['again']>): boolean {
    if (kind === 'slot' || kind === 'stop' || kind === 'blank' || kind === 'unknown-command') return true;
    if (first.outcome !== 'started') return first.outcome === 'nothing';
    return slots.state.slots.some(({ slot, run }) => slot === first.slot && run === null);
  }

  /** Refuses what a text must not answer: read before, read too soon, or read together with what started a run. */
  function guard(read: Read, scan: Scan, asked: Standing | null): void {
    const { again, besideStart } = judgeRead(history, read);
    if (again !== null) throw readTwice(scan, again);
    if (besideStart) throw tooSoon(asked?.slot ?? null);
    if (asked === null || scan.kind !== 'serial' || runningWith(scan) === null) return;
    // The label that a run was started with lies before the scanner all the time.
    if (read.firstKeyAtMs - asked.sinceMs < SEEN_MS) throw tooSoon(asked.slot);
  }

  /** A key that stands for a command: it is pressed as often as it is meant, but not by a scanner. */
  function byKey(scan: Scan, text: string, read: Read, operator: string): ScanResult {
    if (isBesideStart(history, read.firstKeyAtMs, LINE_END_MS)) throw tooSoon(null);
    return route({ ...read, scan, text, mayAnswer: () => undefined }, operator);
  }

  return {
    scan(text, pressed, operator) {
      const scan = parseScan(text);
      const read: Read = { ...timesOf(pressed), text: sameScanText(scan) };
      if (pressed?.ended === false) requireWhole(scan, parts.active()?.recipe ?? null);
      if (pressed?.oneKey === true) return byKey(scan, text, read, operator);
      const { again } = judgeRead(history, read);
      let result: ScanResult | null = null;
      try {
        if (again !== null && !mayRepeat(scan, again)) throw readTwice(scan, again);
        result = route({ ...read, scan, text, mayAnswer: (asked) => guard(read, scan, asked) }, operator);
        return result;
      } finally {
        history = rememberRead(history, read, ...outcomeOf(result));
      }
    },
    answer(slot, promptId, answer, pressed) {
      const times = timesOf(pressed);
      if (pressed !== null && isBesideStart(history, times.firstKeyAtMs, LINE_END_MS)) throw tooSoon(slot);
      const asked = prompts.at(slot);
      if (asked === null || !takesText(asked.prompt)) {
        prompts.answer(slot, promptId, answer);
        return;
      }
      const scan = parseScan(answer);
      const read: Read = { ...times, text: sameScanText(scan) };
      let taken = false;
      try {
        guard(read, scan, asked);
        prompts.answer(slot, promptId, answer);
        taken = true;
      } finally {
        history = rememberRead(history, read, taken ? 'answered' : 'nothing', taken ? slot : null);
      }
    },
  };
}

/** A line without an end may be the half of one: it is taken when it is a whole number of the recipe, or a command. */
function requireWhole(scan: Scan, recipe: Recipe | null): void {
  if (scan.kind !== 'serial') {
    if (scan.kind === 'unknown-command' || scan.kind === 'blank') throw unended();
    return;
  }
  if (recipe === null || !scan.readings.some((one) => serialMatches(recipe, one))) throw unended();
}

function outcomeOf(result: ScanResult | null): [ReadOutcome, number | null] {
  switch (result?.kind) {
    case 'started':
      return ['started', result.slot];
    case 'started-together':
      return ['started', null];
    case 'answered':
      return ['answered', result.slot];
    case 'acknowledged':
      return [result.slots.length > 0 ? 'answered' : 'nothing', result.slots[0] ?? null];
    case 'selected':
    case 'stopping':
    case undefined:
      return ['nothing', null];
  }
}
