import { PASS_CLEARS_MS, type SlotsState, type SlotView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Admission } from '../../core/admission/index.ts';
import type { Log } from '../../core/platform/index.ts';
import type { ResumePoint, RunEvent, RunRequest, RunResult } from '../executor/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { PromptChange, Prompts } from './prompts.ts';
import { deskBusy, labelPending, unacknowledged } from './slot-faults.ts';
import { applyRunEvent, isFree, readySlot, withCode, withPrompt } from './slot-view.ts';

export interface SlotConfig {
  readonly slot: number;
  readonly portPath: string;
  /** Port of the fixture's relay board, which slots may share. */
  readonly boardPath?: string | undefined;
}

export interface StartedRun {
  readonly slot: number;
  readonly runId: string;
  /** Resolves when the end of the run is recorded; rejects only when it could not be. */
  readonly finished: Promise<RunResult>;
}

/** A slot that something else than a run uses, until it is disposed of. */
export interface AcquiredSlot extends Disposable {
  readonly portPath: string;
  /** Shows the progress of a transfer to its unit, also to listeners of runs; `null` when it has ended. `id`: of the return. */
  showTransfer(transfer: Transfer | null, id?: string): void;
}
type Transfer = NonNullable<Extract<RunEvent, { kind: 'flash' }>['progress']>;

export interface SlotsOptions {
  readonly slots: readonly SlotConfig[];
  readonly log: Log;
  readonly admission: Admission;
  /** Runs a recipe on a unit; emits `started` before its first wait. See `runUnit`. */
  readonly run: (
    request: RunRequest,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ) => Promise<RunResult>;
  readonly publish: (
    delta: { kind: 'slot'; slot: SlotView } | { kind: 'selected'; selected: number | null },
  ) => void;
  readonly onRunEvent: (slot: number, event: RunEvent) => void;
  readonly nowMs: () => number;
  readonly prompts: Pick<Prompts, 'at'>;
  /** The labels of its last unit that a slot waits for; `null` for none. */
  readonly labelAt: (slot: number) => NonNullable<SlotView['label']> | null;
  /** The Wi-Fi code that a run shows at its slot; `null` for none. */
  readonly codeAt?: (slot: number) => NonNullable<SlotView['run']>['code'] | null;
  /** The port of this slot is needed: a watcher that has it open closes it. */
  readonly onPortNeeded?: (slot: number) => void;
}

interface ActiveRun {
  readonly batchId: string;
  readonly stop: AbortController;
  readonly finished: Promise<RunResult>;
}

/** The slots of a station: their views for pages, the runs on them, and the rules which slot may start a unit. */
export class Slots {
  readonly #options: SlotsOptions;
  /** Views without their prompts, which `Prompts` owns. */
  readonly #views: Map<number, SlotView>;
  readonly #boardPaths: ReadonlyMap<number, string | null>;
  readonly #active = new Map<number, ActiveRun>();
  readonly #clearTimers = new Map<number, ReturnType<typeof setTimeout>>();
  /** Slots by the chip ids of the units on them. */
  readonly #slotsOfUnits = new Map<string, number | null>();
  /** Slots that something else than a run uses. */
  readonly #acquired = new Set<number>();
  #selected: number | null = null;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#views = new Map(options.slots.map(({ slot, portPath }) => [slot, readySlot(slot, portPath)]));
    this.#boardPaths = new Map(options.slots.map(({ slot, boardPath }) => [slot, boardPath ?? null]));
  }

  get state(): SlotsState {
    return { slots: this.#all(), selected: this.#selected };
  }

  running(): readonly SlotView[] {
    return this.#all().filter(({ state }) => state === 'running');
  }

  /** Number of units of a batch that are tested now. */
  runningOf(batchId: string): number {
    return this.running().filter(({ slot }) => this.#active.get(slot)?.batchId === batchId).length;
  }

  /** Slots with a unit that is tested, or that something else uses. */
  inUse(): readonly number[] {
    return this.#all()
      .filter(({ state, slot }) => state === 'running' || this.#acquired.has(slot))
      .map(({ slot }) => slot);
  }

  /** True when some slot has a relay board. */
  hasBoard(): boolean {
    return [...this.#boardPaths.values()].some((path) => path !== null);
  }

  /** True when the next unit may start on some slot. */
  hasFree(): boolean {
    return [...this.#views.keys()].some((slot) => this.isFree(slot));
  }

  /** True when the next unit may start on this slot. */
  isFree(slot: number): boolean {
    return isFree(this.#view(slot)) && !this.#acquired.has(slot) && this.#options.labelAt(slot) === null;
  }

  /** The slot for the next unit: the selected one, else the lowest free one. Faults as `start`. */
  nextFree(): number {
    if (this.#selected !== null && !this.#hasPrompt(this.#selected))
      return this.#requireFree(this.#selected).slot;
    const all = this.#all();
    const free = all.find(({ slot }) => this.isFree(slot));
    if (free !== undefined) return free.slot;
    const unacknowledgedSlot = all.find(({ state, acknowledged }) => state === 'finished' && !acknowledged);
    const labelSlot = all.find(({ slot }) => this.#options.labelAt(slot) !== null);
    if (unacknowledgedSlot !== undefined && unacknowledgedSlot !== labelSlot)
      throw unacknowledged(unacknowledgedSlot.slot);
    if (labelSlot !== undefined) throw labelPending(labelSlot.slot);
    if (all.length === 0) {
      throw new Fault('slot-unknown', 'this station has no slots', {
        hint: 'Start it with --slot PATH, once per fixture.',
      });
    }
    throw new Fault('slot-busy', 'every slot is at work', {
      hint: 'Wait until one is done, then scan again.',
    });
  }

  /** Starts a unit on this slot. Faults: `slot-unknown`, `slot-busy`, `slot-unacknowledged`, `station-closing`, the fault that a slot shows. */
  start(
    slot: number,
    batchId: string,
    recipe: ParsedRecipe,
    serialNumber: string | null,
    operator: string,
    resume?: ResumePoint,
  ): StartedRun {
    const { run, onPortNeeded, admission } = this.#options;
    admission.require();
    const { portPath } = this.#requireFree(slot);
    onPortNeeded?.(slot);
    this.#cancelClearing(slot);
    const stop = new AbortController();
    let runId = '';
    const emit = (event: RunEvent): void => {
      if (event.kind === 'started') runId = event.runId;
      this.#onRunEvent(slot, event, serialNumber);
    };
    const boardPath = this.#boardPaths.get(slot) ?? null;
    const request = { batchId, recipe, slot, portPath, boardPath, serialNumber, operator, resume };
    // `run` emits `started` before its first wait, so `runId` is known when it returns.
    const finished = run(request, emit, stop.signal).finally(() => this.#runEnded(slot, stop));
    this.#active.set(slot, { batchId, stop, finished });
    finished.catch((error: unknown) => this.#runUnrecorded(slot, error));
    // A slot that is selected for its prompt stays selected.
    if (this.#selected !== null && !this.#hasPrompt(this.#selected)) this.#select(null);
    return { slot, runId, finished };
  }

  /**
   * Clears finished results and faults. Returns the slots concerned.
   *
   * @param slot `null`: the result that has waited longest
   */
  acknowledge(slot: number | null): number[] {
    const ended = this.#all().filter(
      (view) => this.#isClearable(view) && (slot === null ? !view.acknowledged : view.slot === slot),
    );
    ended.sort((a, b) => (a.run?.finishedAtMs ?? 0) - (b.run?.finishedAtMs ?? 0));
    const concerned = (slot === null ? ended.slice(0, 1) : ended).map((view) => view.slot);
    for (const done of concerned) this.#clear(done);
    return concerned;
  }

  /**
   * Stops one run or, with `null`, all. Returns the slots concerned. Faults: `slot-unknown`.
   *
   * @param reason a `cancelled` fault that says who or what stops the run: it becomes the failure of the run
   */
  stop(slot: number | null, reason: Fault): number[] {
    if (slot !== null) this.#view(slot);
    const concerned = [...this.#active.keys()].filter((key) => slot === null || key === slot);
    for (const key of concerned) {
      const current = this.#view(key);
      if (current.run !== null && current.state === 'running')
        this.#change({ ...current, run: { ...current.run, stopping: true } });
      this.#active.get(key)?.stop.abort(reason);
    }
    return concerned;
  }

  /** Selects the slot of the next scan, or of the next answer when it has a prompt; `null`: any. Faults as `start`. */
  select(slot: number | null): void {
    if (slot !== null && !this.#hasPrompt(slot)) this.#requireFree(slot);
    this.#select(slot);
  }

  /** Blocks runs on a free slot while something else uses its unit, until it is disposed of. Faults as `start`. */
  acquire(slot: number): AcquiredSlot {
    this.#options.admission.require();
    const { portPath } = this.#requireFree(slot);
    this.#options.onPortNeeded?.(slot);
    this.#acquired.add(slot);
    let usedBy: string | null = null;
    const showTransfer = (transfer: Transfer | null, id = usedBy): void => {
      const view = this.#views.get(slot);
      if (view === undefined || id === null || (view.transfer ?? null) === transfer) return;
      usedBy = id;
      this.#change({ ...view, transfer });
      this.#options.onRunEvent(slot, { kind: 'flash', runId: id, progress: transfer });
    };
    return {
      portPath,
      showTransfer,
      [Symbol.dispose]: () => {
        this.#acquired.delete(slot);
        showTransfer(null);
      },
    };
  }

  /**
   * Reserves a chip id for the run on a slot, or for the returns desk (`null`) that has the unit over Bluetooth, until it is disposed of. Faults:
   * `unit-on-two-slots`; `slot-busy` when both desk and slot have it.
   */
  reserveUnit(chipId: string, slot: number | null): Disposable {
    const other = this.#slotsOfUnits.get(chipId);
    if (other !== undefined && (slot === null || other === null)) throw deskBusy(chipId, slot ?? other);
    if (other !== undefined && other !== slot) {
      throw new Fault('unit-on-two-slots', `unit ${chipId} answers on slot ${slot} and on slot ${other}`, {
        hint: 'Two units claim one MAC, or two cables lead to one unit. Take both to support.',
        details: { chipId, slot, other },
      });
    }
    this.#slotsOfUnits.set(chipId, slot);
    return { [Symbol.dispose]: () => void this.#slotsOfUnits.delete(chipId) };
  }

  /** Publishes a change of the prompt of a slot. */
  promptChanged({ slot, runId, prompt }: PromptChange): void {
    if (prompt === null && this.#selected === slot) this.#select(null);
    const view = this.#views.get(slot);
    if (view !== undefined) this.#change(view);
    this.#options.onRunEvent(slot, { kind: 'prompt', runId, prompt });
  }

  /** Publishes that a slot shows another Wi-Fi code, or none. */
  codeChanged(slot: number): void {
    const view = this.#views.get(slot);
    if (view !== undefined) this.#change(view);
  }

  /** The labels of a slot have changed: until they are settled its unit stays on it. */
  labelChanged(slot: number): void {
    const view = this.#views.get(slot);
    if (view === undefined) return;
    const isPassed = view.state === 'finished' && view.run?.outcome === 'PASS';
    if (!isPassed || this.#options.labelAt(slot) !== null) return this.#change(view);
    this.#change({ ...view, clearsAtMs: this.#options.nowMs() + PASS_CLEARS_MS });
    if (!this.#active.has(slot)) this.#clearLater(slot);
  }

  /** Shows a unit that passed before this start of the station, and whose labels are not settled. */
  showPassed(slot: number, run: NonNullable<SlotView['run']>): void {
    const view = this.#view(slot);
    if (view.state === 'ready') this.#change({ ...view, state: 'finished', run });
  }

  /** Stops every run and waits until each is recorded. */
  async close(): Promise<void> {
    // A run that began while the others end would have nowhere to be recorded.
    this.#options.admission.end();
    const runs = [...this.#active.values()];
    for (const { stop } of runs) stop.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.allSettled(runs.map(({ finished }) => finished));
    for (const slot of this.#clearTimers.keys()) this.#cancelClearing(slot);
  }

  #all(): SlotView[] {
    return [...this.#views.values()].map((view) => this.#shown(view));
  }

  #shown(view: SlotView): SlotView {
    const asked = withPrompt(view, this.#options.prompts.at(view.slot)?.prompt ?? null);
    const shown = withCode(asked, this.#options.codeAt?.(view.slot) ?? null);
    const label = this.#options.labelAt(view.slot);
    return label === null ? shown : { ...shown, label };
  }

  /** Without its prompt. Faults: `slot-unknown`. */
  #view(slot: number): SlotView {
    const view = this.#views.get(slot);
    if (view !== undefined) return view;
    throw new Fault('slot-unknown', `this station has no slot ${slot}`, {
      hint: `Its slots are ${[...this.#views.keys()].join(', ') || 'not set up yet'}.`,
      details: { slot },
    });
  }

  #change(next: SlotView): void {
    this.#views.set(next.slot, next);
    this.#options.publish({ kind: 'slot', slot: this.#shown(next) });
  }

  #select(slot: number | null): void {
    if (this.#selected === slot) return;
    this.#selected = slot;
    this.#options.publish({ kind: 'selected', selected: slot });
  }

  #hasPrompt(slot: number): boolean {
    return this.#options.prompts.at(slot) !== null;
  }

  #requireFree(slot: number): SlotView {
    const current = this.#view(slot);
    if (current.state === 'running' || this.#acquired.has(slot)) {
      throw new Fault('slot-busy', `slot ${slot} is at work`, {
        hint: 'Wait until it is done, or scan another slot.',
        details: { slot },
      });
    }
    if (current.state === 'unavailable' && current.fault !== null) {
      throw Fault.fromView({ ...current.fault, message: `slot ${slot}: ${current.fault.message}` });
    }
    if (this.#options.labelAt(slot) !== null) throw labelPending(slot);
    if (!isFree(current)) throw unacknowledged(slot);
    return current;
  }

  #onRunEvent(slot: number, event: RunEvent, serialNumber: string | null): void {
    const next = applyRunEvent(this.#view(slot), event, serialNumber, this.#options.nowMs());
    const isWaiting = next.state === 'finished' && this.#options.labelAt(slot) !== null;
    this.#change(isWaiting ? { ...next, clearsAtMs: null } : next);
    this.#options.onRunEvent(slot, event);
  }

  #runEnded(slot: number, stop: AbortController): void {
    // A listener of the last event may have started the next unit already.
    if (this.#active.get(slot)?.stop !== stop) return;
    this.#active.delete(slot);
    const { state, clearsAtMs } = this.#view(slot);
    if (state === 'finished' && clearsAtMs !== null) this.#clearLater(slot);
  }

  #runUnrecorded(slot: number, error: unknown): void {
    this.#options.log.error('run.unrecorded', error, { slot });
    const { portPath } = this.#view(slot);
    const fault = error instanceof Fault ? error : new Fault('internal', 'the run could not be recorded');
    const view = { ...readySlot(slot, portPath), state: 'unavailable', acknowledged: false } as const;
    this.#change({ ...view, fault: fault.toView() });
  }

  /** True when the slot shows a result or a fault that may be cleared. */
  #isClearable({ slot, state }: SlotView): boolean {
    if (this.#options.labelAt(slot) !== null) return false;
    return state === 'finished' || (state === 'unavailable' && !this.#active.has(slot));
  }

  #clear(slot: number): void {
    this.#cancelClearing(slot);
    const current = this.#view(slot);
    if (current.state !== 'running' && this.#options.labelAt(slot) === null)
      this.#change(readySlot(slot, current.portPath));
  }

  /** By a timer, because the wall clock may be set; pages get `clearsAtMs` only to show it. */
  #clearLater(slot: number): void {
    const timer = setTimeout(() => this.#clear(slot), PASS_CLEARS_MS);
    // A waiting PASS must not keep a terminal from ending.
    timer.unref();
    this.#clearTimers.set(slot, timer);
  }

  #cancelClearing(slot: number): void {
    clearTimeout(this.#clearTimers.get(slot));
    this.#clearTimers.delete(slot);
  }
}
