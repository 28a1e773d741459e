import { raceAbort } from '#node-kit/async/index.ts';
import { Fault, type FaultCode, throwIfAborted } from '#shared/domain/fault.ts';
import type { PrinterState } from '#shared/contract/index.ts';
import { printingStep, type Recipe } from '#shared/recipe/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { LabelPrintRow, RunRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  judgeLabel,
  type LabelPrints,
  type PrintOrder,
  problemWords,
  verdictWords,
} from '../../results/printing/index.ts';
import type { PromptRequest } from '../run-context/index.ts';
import { promptFor, scanPrompt } from './label-prompts.ts';

/** What a slot shows of the labels that its next unit waits for. */
export interface SlotLabel {
  readonly state: 'printing' | 'asking';
  /** Labels that are not settled. */
  readonly left: number;
}

export interface RunLabelsOptions {
  readonly database: WritableDatabase;
  readonly platform: Platform;
  readonly prints: LabelPrints;
  readonly prompts: {
    /** Asks the operator at a slot, without a limit of time. */
    ask(
      run: { readonly slot: number; readonly runId: string },
      request: PromptRequest,
      timeoutMs: null,
      signal: AbortSignal,
    ): Promise<string>;
  };
  /** The label of a slot has changed. */
  readonly onChange: (slot: number) => void;
  /** Slots of this station. */
  readonly hasSlot: (slot: number) => boolean;
}

/** How often a printer is asked whether a label came out that it holds, or whether it prints again. */
const WATCH_POLL_MS = 2_000;

/** Faults of a print that end by themselves as soon as the printer is ready. */
const OF_PRINTER: readonly string[] = ['printer-not-ready', 'printer-unreachable'] satisfies FaultCode[];

/**
 * The labels of units that passed, at their slots: printed when the result is recorded, asked about when a person must look or
 * decide, scanned where the recipe wants it. Until all of them are settled the next unit of the slot waits, also after a restart
 * of the station.
 */
export class RunLabels {
  readonly #options: RunLabelsOptions;
  readonly #atSlots = new Map<number, SlotLabel>();
  readonly #wakes = new Map<number, AbortController>();
  readonly #work = new Set<Promise<void>>();
  readonly #waiters = new Set<() => void>();
  readonly #closing = new AbortController();
  /** Prints that were sent since the start of this station. */
  readonly #sentHere = new Set<string>();

  constructor(options: RunLabelsOptions) {
    this.#options = options;
    options.prints.onChange(({ slot, runId }) => {
      // A decision at another page ends the question at the slot.
      for (const [at, wake] of this.#wakes) if (slot === at || this.#isOfSlot(runId, at)) wake.abort(CHANGED);
    });
  }

  /** The labels that the next unit of a slot waits for; `null` for none. */
  at(slot: number): SlotLabel | null {
    return this.#atSlots.get(slot) ?? null;
  }

  /** Writes the labels of a run that passed; called in the transaction of its result. */
  plan(run: RunRow, recipe: Recipe, atMs: number): void {
    const order = printOrderOf(recipe);
    if (order !== null && run.outcome === 'PASS') this.#options.prints.plan(run, order, atMs);
  }

  /** Begins with the labels of a slot, if there are any. Called before the end of its run is announced, and at a start. */
  begin(slot: number): void {
    if (this.#atSlots.has(slot)) return;
    const left = this.#options.database.labelPrints.listAtSlot(slot).length;
    if (left === 0) return;
    this.#atSlots.set(slot, { state: 'printing', left });
    const work = this.#settleSlot(slot).finally(() => this.#work.delete(work));
    this.#work.add(work);
  }

  /**
   * The slots whose labels the last stop of the station interrupted, each with its unit's run. What could not be sent then is tried
   * once more; what may have been sent is asked about.
   */
  interrupted(): { readonly slot: number; readonly run: RunRow }[] {
    const { database, prints, hasSlot } = this.#options;
    return database.labelPrints.slotsWithPrints().flatMap((slot) => {
      const [first] = database.labelPrints.listAtSlot(slot);
      const run = first?.runId == null ? null : database.runs.findById(first.runId);
      if (run === null || !hasSlot(slot)) return [];
      if (first?.state === 'failed') prints.queue(first.printId);
      return [{ slot, run }];
    });
  }

  /** Resolves when no label is waited for at a slot, or as soon as a person is asked about one: then with false. */
  async whenSettled(slot: number, signal: AbortSignal, untilAsked: boolean): Promise<boolean> {
    for (;;) {
      const label = this.at(slot);
      if (label === null) return true;
      if (untilAsked && label.state === 'asking') return false;
      const changed = Promise.withResolvers<void>();
      this.#waiters.add(changed.resolve);
      try {
        await raceAbort(changed.promise, signal);
      } finally {
        this.#waiters.delete(changed.resolve);
      }
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.allSettled([...this.#work]);
  }

  /** Goes on until each label of the slot is settled, or the station closes. */
  async #settleSlot(slot: number): Promise<void> {
    const { database, platform } = this.#options;
    try {
      for (;;) {
        const open = database.labelPrints.listAtSlot(slot);
        const [row] = open;
        if (row === undefined) break;
        await this.#settle(slot, row, open.length);
      }
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      // What is left is in the list of prints.
      platform.log.error('label.slot-left', error, { slot });
    }
    this.#atSlots.delete(slot);
    this.#changed(slot);
  }

  /** One step of one print: sends it, asks about it, or lets the slot go. */
  async #settle(slot: number, row: LabelPrintRow, left: number): Promise<void> {
    const { prints } = this.#options;
    switch (row.state) {
      case 'waiting':
        this.#show(slot, { state: 'printing', left });
        await prints.print(row.printId, this.#closing.signal);
        this.#sentHere.add(row.printId);
        throwIfAborted(this.#closing.signal);
        return;
      case 'asked': {
        const answer = await this.#ask(slot, row, left, promptFor.asked());
        if (answer === 'print') prints.queue(row.printId);
        if (answer === 'skip') prints.skip(row.printId, 'not wanted', OPERATOR);
        return;
      }
      case 'failed': {
        const why = problemWords(row.fault ?? UNKNOWN);
        const goesOn = OF_PRINTER.includes(row.fault?.code ?? '');
        const watch = goesOn ? this.#watchStopped : null;
        const answer = await this.#ask(slot, row, left, promptFor.failed(why, goesOn), watch);
        if (answer === 'retry') prints.queue(row.printId);
        if (answer === 'later') prints.leaveSlot(row.printId);
        return;
      }
      case 'unconfirmed':
      case 'held': {
        const isHeld = row.state === 'held';
        const prompt = isHeld ? promptFor.held(problemWords(row.fault ?? UNKNOWN)) : promptFor.unconfirmed();
        const answer = await this.#ask(slot, row, left, prompt, isHeld ? this.#watchHeld(row) : null);
        if (answer === 'out') prints.settle(row.printId, true, OPERATOR);
        if (answer === 'again') prints.settle(row.printId, false, OPERATOR);
        if (answer === 'later') prints.leaveSlot(row.printId);
        return;
      }
      case 'printed':
        if (row.wantsScan && row.scannedAtMs === null && !(await this.#isScanned(slot, row, left))) return;
        prints.leaveSlot(row.printId);
        return;
      case 'sending':
        // A page prints it.
        this.#show(slot, { state: 'printing', left });
        if (!(await prints.whenSent(row.printId, this.#closing.signal))) prints.leaveSlot(row.printId);
        return;
      case 'skipped':
        prints.leaveSlot(row.printId);
        return;
    }
  }

  /** Asks for a scan until it is the label of the unit; false when the print was decided about elsewhere. */
  async #isScanned(slot: number, row: LabelPrintRow, left: number): Promise<boolean> {
    const { database, prints } = this.#options;
    let refused = null;
    for (;;) {
      const text = await this.#ask(slot, row, left, scanPrompt(row, refused));
      if (text === null) return false;
      const verdict = judgeLabel(database, text, row.unitId);
      if (verdict.kind === 'own' && verdict.deviceName === row.deviceName) {
        prints.scanned(row.printId);
        return true;
      }
      refused = verdict.kind === 'own' ? verdictWords({ kind: 'unknown' }) : verdictWords(verdict);
    }
  }

  /**
   * The answer; `null` when the print was decided about elsewhere meanwhile, or by its printer.
   *
   * @param watch what the printer says while the person is asked
   */
  async #ask(
    slot: number,
    row: LabelPrintRow,
    left: number,
    prompt: PromptRequest,
    watch: Watch | null = null,
  ): Promise<string | null> {
    const { prints, prompts } = this.#options;
    const wake = new AbortController();
    this.#wakes.set(slot, wake);
    const signal = AbortSignal.any([wake.signal, this.#closing.signal]);
    const watching = watch === null ? null : this.#watch(row, watch, signal);
    this.#show(slot, { state: 'asking', left });
    let answer: string;
    try {
      answer = await prompts.ask({ slot, runId: row.runId ?? '' }, prompt, null, signal);
    } catch (error) {
      if (this.#closing.signal.aborted || !wake.signal.aborted) throw error;
      return null;
    } finally {
      this.#wakes.delete(slot);
      wake.abort(CHANGED);
      await watching;
    }
    // The printer may have decided in the moment of the answer.
    return prints.get(row.printId).state === row.state ? answer : null;
  }

  /** Asks the printer until `watch` has decided about the print by its state, or the signal fires. */
  async #watch(row: LabelPrintRow, watch: Watch, signal: AbortSignal): Promise<void> {
    const { platform, prints } = this.#options;
    while (!signal.aborted) {
      try {
        await platform.clock.sleep(WATCH_POLL_MS, signal);
        if (watch(row, await prints.printerState(signal))) return;
      } catch {
        // A printer that cannot be asked now is asked again; the signal ends the loop.
        watch(row, null);
      }
    }
  }

  /**
   * A printer that held a label has nothing to print any more: the label came out, if the printer was seen all the time. If it was
   * not, its power may have failed, and with it went the label: a person looks.
   */
  #watchHeld({ printId }: LabelPrintRow): Watch {
    // After a restart the station does not know what the printer did meanwhile.
    let isSeen = this.#sentHere.has(printId);
    return (_row, state) => {
      if (state === null || state.condition === 'silent') isSeen = false;
      else if (state.waiting !== null && state.waiting > 0) isSeen = true;
      else if (state.condition === 'ready' && state.waiting === 0) {
        const { prints } = this.#options;
        if (isSeen) prints.settle(printId, true, 'printer');
        else prints.doubt(printId);
        return true;
      }
      return false;
    };
  }

  /** A printer that had stopped prints again; nothing of the label was sent to it. */
  readonly #watchStopped: Watch = ({ printId }, state) => {
    if (state?.condition !== 'ready') return false;
    this.#options.prints.queue(printId);
    return true;
  };

  #show(slot: number, label: SlotLabel): void {
    this.#atSlots.set(slot, label);
    this.#changed(slot);
  }

  #changed(slot: number): void {
    this.#options.onChange(slot);
    for (const resolve of [...this.#waiters]) resolve();
  }

  #isOfSlot(runId: string | null, slot: number): boolean {
    if (runId === null) return false;
    return this.#options.database.runs.findById(runId)?.slot === slot;
  }
}

/** Decides about a print by what its printer says, `null` when it cannot be asked; true when it did. */
type Watch = (row: LabelPrintRow, state: PrinterState | null) => boolean;

const CHANGED = new Fault('cancelled', 'the print was decided about elsewhere');
const UNKNOWN = { code: 'internal', details: {} } as const;
const OPERATOR: Actor = { user: 'operator', role: 'operator' };

/** What the recipe says about printing; `null` for no print by itself. */
function printOrderOf(recipe: Pick<Recipe, 'phases'>): PrintOrder | null {
  const step = printingStep(recipe);
  return step === null ? null : { time: step.print, copies: step.copies, scan: step.scan };
}
