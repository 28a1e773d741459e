import type { PressedKeys, ScanResult } from '#shared/contract/index.ts';
import { type Recipe, serialMatches } from '#shared/recipe/index.ts';
import type { ReadOutcome, SameRead, Scan } from '#shared/domain/scan/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { Prompt } from '../run-context/index.ts';
import type { Prompts } from './prompts.ts';
import { createReadFilter, type IncomingRead } from './read-filter.ts';
import { askedFor, askedForText, choiceOf, takesText } from './route-answer.ts';
import { blank, noBatch, nobodyAsks, noCommand, noSerialOnLabel, readTwice, unended } from './scan-faults.ts';
import type { Slots } from './slot-bank.ts';
import { type StartParts, startFreeSlots } from './start-on-free-slots.ts';
import { stoppedBy } from './stop-reasons.ts';

export interface ScanDispatcherOptions extends StartParts {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly prompts: Pick<Prompts, 'answer' | 'at' | 'waiting'>;
  readonly slots: StartParts['slots'] &
    Pick<Slots, 'running' | 'hasFree' | 'select' | 'acknowledge' | 'stop'>;
}

/** Where every scan and every answer of this station comes in, whatever host it comes from. */
export interface ScanDispatcher {
  /**
   * One scanned line: starts a unit, answers a question, or is a command. `pressed`: when its keys were pressed, of a host
   * that hears them. Faults: `scan-repeated`, `answer-too-soon`, `scan-unended`, `serial-blank`, `batch-missing`,
   * `prompt-none`, `bad-input`, those of starting, selecting and answering.
   */
  scan(text: string, pressed: PressedKeys | null, operator: string): ScanResult;
  /** A line that a page threw away: it was read, and starts and answers nothing. */
  noteRead(text: string, pressed: PressedKeys): void;
  /** A run goes on that a crash cut off: its label may lie before the scanner yet. */
  markStarted(serialNumber: string, slot: number): void;
  /** Answers one question. `pressed`: by keys, and when. Faults: `scan-repeated`, `answer-too-soon`, those of `Prompts`. */
  answer(slot: number, promptId: string, answer: string, pressed: PressedKeys | null): void;
}

type SerialScan = Scan & { readonly kind: 'serial' };

/**
 * Decides what each read is for. What a scanner reads twice, and what came out of it together with a line that started a
 * run, answers nothing, on any slot (see `createReadFilter` and docs/adr/0032-one-scan-one-read.md).
 */
export function createScanDispatcher(parts: ScanDispatcherOptions): ScanDispatcher {
  const { prompts, slots } = parts;
  const isOnSlot = (scan: Scan): boolean =>
    scan.kind === 'serial' &&
    slots.running().some(({ run }) => run?.serialNumber != null && scan.readings.includes(run.serialNumber));
  const guard = createReadFilter(parts.clock, isOnSlot);

  /** What it means here: the reading that the recipe knows. */
  function serialOf({ readings, serialNumber }: SerialScan): string {
    const recipe = parts.active()?.recipe;
    const known = recipe === undefined ? undefined : readings.find((one) => serialMatches(recipe, one));
    return known ?? serialNumber;
  }

  /** A serial number of the recipe, with a slot for it, that is on no slot yet. */
  function isNextUnit(scan: SerialScan): boolean {
    const recipe = parts.active()?.recipe;
    if (recipe === undefined || !serialMatches(recipe, serialOf(scan))) return false;
    return slots.hasFree() && !isOnSlot(scan);
  }

  /**
   * A text that a recipe waits for. What looks like the next unit starts that one, unless the slot that asks was
   * selected: then there is no doubt.
   */
  function answerText(incoming: IncomingRead, scan: SerialScan): ScanResult | null {
    const { selected } = slots.state;
    const asked = askedForText(prompts.waiting(), selected, incoming.text);
    if (asked === null || (asked.slot !== selected && isNextUnit(scan))) return null;
    guard.requireAnswer(incoming, asked);
    prompts.answer(asked.slot, asked.prompt.promptId, incoming.text);
    return { kind: 'answered', slot: asked.slot };
  }

  /** An answer by a code of the card. `byKey`: by a key that stands for it. */
  function answerCode(
    incoming: IncomingRead,
    fits: (prompt: Prompt) => string | null,
    byKey = false,
  ): ScanResult | null {
    const asked = askedFor(prompts.waiting(), slots.state.selected, (prompt) => fits(prompt) !== null);
    if (asked === null) return null;
    if (!byKey) guard.requireAnswer(incoming, asked);
    prompts.answer(asked.slot, asked.prompt.promptId, fits(asked.prompt) ?? '');
    return { kind: 'answered', slot: asked.slot };
  }
  const verdict = (incoming: IncomingRead, answer: 'pass' | 'fail'): ScanResult =>
    answerCode(incoming, ({ kind }) => (kind === 'pass-fail' ? answer : null)) ?? nobodyAsks();

  function startOne(scan: SerialScan, operator: string): ScanResult {
    const active = parts.active();
    if (active === null) throw noBatch();
    if (scan.readings.length === 0) throw noSerialOnLabel(active.recipe);
    const { batchId } = active;
    const { slot, runId } = parts.startUnit({ batchId, serialNumber: serialOf(scan), operator });
    return { kind: 'started', slot, runId };
  }
  const start = (incoming: IncomingRead, operator: string, byKey: boolean): ScanResult =>
    answerCode(incoming, ({ kind }) => (kind === 'confirm' ? 'ok' : null), byKey) ??
    startFreeSlots(parts, operator);

  function route(incoming: IncomingRead, operator: string): ScanResult {
    const { scan } = incoming;
    switch (scan.kind) {
      case 'serial':
        return answerText(incoming, scan) ?? startOne(scan, operator);
      case 'slot':
        slots.select(scan.slot);
        return { kind: 'selected', slot: scan.slot };
      case 'acknowledge':
        guard.requireAnswer(incoming, null);
        return { kind: 'acknowledged', slots: slots.acknowledge(null) };
      case 'stop':
        return { kind: 'stopping', slots: slots.stop(null, stoppedBy(operator)) };
      case 'pass':
        return verdict(incoming, 'pass');
      case 'fail':
        return verdict(incoming, 'fail');
      case 'choice':
        return answerCode(incoming, (prompt) => choiceOf(prompt, scan.value)) ?? nobodyAsks();
      case 'start':
        return start(incoming, operator, false);
      case 'blank':
        throw blank();
      case 'unknown-command':
        throw noCommand(scan.text);
    }
  }

  /** A repeat that answers nothing may come through: a stop, a slot, a unit whose result somebody has acknowledged. */
  function mayRepeat({ kind }: Scan, first: SameRead): boolean {
    if (kind === 'slot' || kind === 'stop' || kind === 'blank' || kind === 'unknown-command') return true;
    if (first.outcome !== 'started') return first.outcome === 'nothing';
    return slots.state.slots.some(({ slot, run }) => slot === first.slot && run === null);
  }

  return {
    scan(text, pressed, operator) {
      const incoming = guard.incoming(text, pressed);
      const { scan } = incoming;
      if (pressed?.oneKey === true) {
        // A key is pressed as often as it is meant, but not by a scanner.
        guard.requireKey(incoming, null);
        return scan.kind === 'start' ? start(incoming, operator, true) : route(incoming, operator);
      }
      if (pressed?.ended === false) requireWhole(scan, parts.active()?.recipe ?? null);
      const again = guard.repeatOf(incoming);
      let result: ScanResult | null = null;
      try {
        if (again !== null && !mayRepeat(scan, again)) throw readTwice(scan, again);
        result = route(incoming, operator);
        return result;
      } finally {
        guard.remember(incoming, ...outcomeOf(result));
      }
    },
    noteRead: (text, pressed) => guard.note(guard.incoming(text, pressed)),
    markStarted: (serialNumber, slot) => guard.remember(guard.incoming(serialNumber, null), 'started', slot),
    answer(slot, promptId, answer, pressed) {
      const incoming = guard.incoming(answer, pressed);
      guard.requireKey(incoming, slot);
      const asked = prompts.at(slot);
      if (asked === null || !takesText(asked.prompt)) {
        prompts.answer(slot, promptId, answer);
        return;
      }
      let taken = false;
      try {
        guard.requireAnswer(incoming, asked);
        prompts.answer(slot, promptId, answer);
        taken = true;
      } finally {
        guard.remember(incoming, taken ? 'answered' : 'nothing', taken ? slot : null);
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
