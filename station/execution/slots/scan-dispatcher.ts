import type { OldLabel, PressedKeys, ScanResult } from '#shared/contract/index.ts';
import { type Recipe, serialMatches } from '#shared/recipe/index.ts';
import {
  choiceOf,
  decodeLabelText,
  type ScanUse,
  type RepeatedScan,
  type Scan,
  takesText,
} from '#shared/domain/scan/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { oldLabelFault } from '../../results/printing/index.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { Prompt } from '../run-context/index.ts';
import type { Prompts } from './prompts.ts';
import { type IncomingScan, ScanFilter } from './scan-filter.ts';
import {
  lineEndMissing,
  noBatch,
  noOpenPrompt,
  noSerialOnLabel,
  scanRepeated,
  serialBlank,
  unknownCommand,
} from './scan-faults.ts';
import { stoppedBy } from './slot-faults.ts';
import type { Slots } from './slots.ts';
import { startFreeSlots, type StartOptions } from './start-free-slots.ts';

export interface ScanDispatcherOptions extends StartOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** The label that a line is when it is valid no more. */
  readonly oldLabelOf?: (text: string) => OldLabel | null;
  readonly prompts: Pick<Prompts, 'answer' | 'at' | 'target' | 'targetForText'>;
  readonly slots: StartOptions['slots'] &
    Pick<Slots, 'running' | 'hasFree' | 'select' | 'acknowledge' | 'stop'>;
}

type SerialScan = Scan & { readonly kind: 'serial' };

/**
 * Decides what each scan and each answer is for: it starts a unit, answers a prompt, or is a command. All hosts of a
 * station send theirs here. A line that is scanned twice, and one in the same trigger pull as a line that started a
 * run, answers nothing on any slot (see `ScanFilter` and docs/adr/0032-one-scan-one-read.md).
 */
export class ScanDispatcher {
  readonly #options: ScanDispatcherOptions;
  readonly #filter: ScanFilter;

  constructor(options: ScanDispatcherOptions) {
    this.#options = options;
    this.#filter = new ScanFilter(options.clock, (scan) => this.#isOnSlot(scan));
  }

  /**
   * One scanned line. Faults: `scan-repeated`, `answer-too-soon`, `scan-unended`, `serial-blank`, `serial-malformed`,
   * `batch-missing`, `prompt-none`, `bad-input`, those of starting, selecting and answering.
   *
   * @param pressed times of its keys; `null` when the host does not know them
   */
  scan(text: string, pressed: PressedKeys | null, operator: string): ScanResult {
    const incoming = this.#filter.parse(text, pressed);
    const { scan } = incoming;
    if (pressed?.oneKey === true) {
      // Only scans are checked for repeats: a person may press a key several times.
      this.#filter.requireMayPress(incoming, null);
      return scan.kind === 'start'
        ? this.#start(incoming, operator, true)
        : this.#dispatch(incoming, operator);
    }
    if (pressed?.ended === false) requireWhole(scan, this.#options.selectedBatch()?.recipe ?? null);
    const repeated = this.#filter.repeatOf(incoming);
    let result: ScanResult | null = null;
    try {
      if (repeated !== null && !this.#mayRepeat(scan, repeated)) throw scanRepeated(scan, repeated);
      result = this.#dispatch(incoming, operator);
      return result;
    } finally {
      this.#filter.remember(incoming, ...useOf(result));
    }
  }

  /** Whether a prompt for a text waits, which a scanned line may answer. */
  isAnswer(text: string): boolean {
    const { prompts, slots } = this.#options;
    return prompts.targetForText(slots.state.selected, text) !== null;
  }

  /** A scan that starts and answers nothing, such as a line that a page discarded; a later scan of this label may repeat it. */
  reportUnusedScan(text: string, pressed: PressedKeys): void {
    this.#filter.rememberUnused(this.#filter.parse(text, pressed));
  }

  /** A run was resumed: its label may still be in front of the scanner, and counts as scanned. */
  markStarted(serialNumber: string, slot: number): void {
    this.#filter.remember(this.#filter.parse(serialNumber, null), 'started-run', slot);
  }

  /**
   * Answers one prompt. Faults: `scan-repeated`, `answer-too-soon`, those of `Prompts.answer`.
   *
   * @param pressed times of its keys; `null` for a button
   */
  answer(slot: number, promptId: string, answer: string, pressed: PressedKeys | null): void {
    const { prompts } = this.#options;
    const incoming = this.#filter.parse(answer, pressed);
    this.#filter.requireMayPress(incoming, slot);
    const target = prompts.at(slot);
    if (target === null || !takesText(target.prompt)) {
      prompts.answer(slot, promptId, answer);
      return;
    }
    let isAnswered = false;
    try {
      this.#filter.requireMayAnswer(incoming, target);
      prompts.answer(slot, promptId, answer);
      isAnswered = true;
    } finally {
      this.#filter.remember(incoming, isAnswered ? 'answered' : 'unused', isAnswered ? slot : null);
    }
  }

  #dispatch(incoming: IncomingScan, operator: string): ScanResult {
    const { slots } = this.#options;
    const { scan } = incoming;
    switch (scan.kind) {
      case 'serial':
        return this.#answerText(incoming, scan) ?? this.#startUnit(incoming.text, scan, operator);
      case 'slot':
        slots.select(scan.slot);
        return { kind: 'selected', slot: scan.slot };
      case 'acknowledge':
        this.#filter.requireMayAnswer(incoming, null);
        return { kind: 'acknowledged', slots: slots.acknowledge(null) };
      case 'stop':
        return { kind: 'stopping', slots: slots.stop(null, stoppedBy(operator)) };
      case 'pass':
      case 'fail':
        return this.#requireAnswered(incoming, ({ kind }) => (kind === 'pass-fail' ? scan.kind : null));
      case 'choice':
        return this.#requireAnswered(incoming, (prompt) => choiceOf(prompt, scan.value));
      case 'start':
        return this.#start(incoming, operator, false);
      case 'blank':
        throw serialBlank();
      case 'unknown-command':
        throw unknownCommand(scan.text);
    }
  }

  /**
   * Answers a prompt for a text. A line that looks like the next unit starts that unit, unless the slot with the prompt was
   * selected.
   */
  #answerText(incoming: IncomingScan, scan: SerialScan): ScanResult | null {
    const { prompts, slots } = this.#options;
    const { selected } = slots.state;
    const target = prompts.targetForText(selected, incoming.text);
    if (target === null) return null;
    // A printed label that is scanned while one is asked for is no next unit, whatever slot is free.
    const isAskedFor =
      target.prompt.kind === 'scan' && this.#waitsForLabel(target.slot) && isLabel(incoming.text);
    if (target.slot !== selected && !isAskedFor && this.#isNextUnit(scan)) return null;
    this.#filter.requireMayAnswer(incoming, target);
    prompts.answer(target.slot, target.prompt.promptId, incoming.text);
    return { kind: 'answered', slot: target.slot };
  }

  /**
   * Answers a prompt by a code of the command card, or by the key that stands for it.
   *
   * @param answerTo the answer that the code is to a prompt; `null` when it is none
   */
  #answerCode(
    incoming: IncomingScan,
    answerTo: (prompt: Prompt) => string | null,
    byKey = false,
  ): ScanResult | null {
    const { prompts, slots } = this.#options;
    const target = prompts.target(slots.state.selected, (prompt) => answerTo(prompt) !== null);
    if (target === null) return null;
    if (!byKey) this.#filter.requireMayAnswer(incoming, target);
    prompts.answer(target.slot, target.prompt.promptId, answerTo(target.prompt) ?? '');
    return { kind: 'answered', slot: target.slot };
  }

  #requireAnswered(incoming: IncomingScan, answerTo: (prompt: Prompt) => string | null): ScanResult {
    const result = this.#answerCode(incoming, answerTo);
    if (result === null) throw noOpenPrompt();
    return result;
  }

  #start(incoming: IncomingScan, operator: string, byKey: boolean): ScanResult {
    const confirms = ({ kind }: Prompt): string | null => (kind === 'confirm' ? 'ok' : null);
    return this.#answerCode(incoming, confirms, byKey) ?? startFreeSlots(this.#options, operator);
  }

  #startUnit(text: string, scan: SerialScan, operator: string): ScanResult {
    const selected = this.#options.selectedBatch();
    if (selected === null) throw noBatch();
    if (scan.candidates.length === 0) throw noSerialOnLabel(selected.recipe);
    const oldLabel = this.#options.oldLabelOf?.(text) ?? null;
    const request = { batchId: selected.batchId, serialNumber: this.#serialOf(scan), operator };
    try {
      const { slot, runId } = this.#options.startUnit(request);
      return { kind: 'started', slot, runId, ...(oldLabel === null ? {} : { oldLabel }) };
    } catch (error) {
      // That the unit has passed is said of its present label.
      const isOfLabel =
        error instanceof Fault && (error.code === 'serial-passed' || error.code === 'serial-void');
      throw isOfLabel && oldLabel !== null ? oldLabelFault(oldLabel) : error;
    }
  }

  /** True when this is the serial number of a unit that is being tested, or that waits for its label. */
  #isOnSlot(scan: Scan): boolean {
    if (scan.kind !== 'serial') return false;
    const { slots } = this.#options;
    const here = [...slots.running(), ...slots.state.slots.filter(({ label }) => label != null)];
    return here.some(({ run }) => run?.serialNumber != null && scan.candidates.includes(run.serialNumber));
  }

  #waitsForLabel(slot: number): boolean {
    return this.#options.slots.state.slots.some((view) => view.slot === slot && view.label != null);
  }

  /** The reading that is a serial number of the recipe, else the likeliest one. */
  #serialOf({ candidates, serialNumber }: SerialScan): string {
    const recipe = this.#options.selectedBatch()?.recipe;
    const matching =
      recipe === undefined ? undefined : candidates.find((candidate) => serialMatches(recipe, candidate));
    return matching ?? serialNumber;
  }

  /** True for a serial number of the recipe that is on no slot yet, while a slot is free. */
  #isNextUnit(scan: SerialScan): boolean {
    const recipe = this.#options.selectedBatch()?.recipe;
    if (recipe === undefined || !serialMatches(recipe, this.#serialOf(scan))) return false;
    return this.#options.slots.hasFree() && !this.#isOnSlot(scan);
  }

  /** True for a repeat that may pass: a stop, a slot, or a unit whose result has been acknowledged since. */
  #mayRepeat({ kind }: Scan, first: RepeatedScan): boolean {
    if (kind === 'slot' || kind === 'stop' || kind === 'blank' || kind === 'unknown-command') return true;
    if (first.use !== 'started-run') return first.use === 'unused';
    return this.#options.slots.state.slots.some(({ slot, run }) => slot === first.slot && run === null);
  }
}

/** True for the code of a label of a station. */
function isLabel(text: string): boolean {
  return decodeLabelText(text) !== null;
}

/** A line without an end may be incomplete: it is taken when it is a serial number of the recipe, or a command. */
function requireWhole(scan: Scan, recipe: Recipe | null): void {
  if (scan.kind !== 'serial') {
    if (scan.kind === 'unknown-command' || scan.kind === 'blank') throw lineEndMissing();
    return;
  }
  if (recipe === null || !scan.candidates.some((candidate) => serialMatches(recipe, candidate)))
    throw lineEndMissing();
}

function useOf(result: ScanResult | null): [ScanUse, number | null] {
  switch (result?.kind) {
    case 'started':
      return ['started-run', result.slot];
    case 'started-together':
      return ['started-run', null];
    case 'answered':
      return ['answered', result.slot];
    case 'acknowledged':
      return [result.slots.length > 0 ? 'answered' : 'unused', result.slots[0] ?? null];
    case 'selected':
    case 'stopping':
    case 'signed-in':
    case undefined:
      return ['unused', null];
  }
}
