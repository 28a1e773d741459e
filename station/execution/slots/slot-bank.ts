import { PASS_CLEARS_MS, type SlotsState, type SlotView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Log } from '../../core/platform/index.ts';
import type { ResumePoint, RunEvent, RunRequest, RunResult } from '../executor/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import { advance, isFree, readySlot } from './slot.ts';

export interface SlotConfig {
  readonly slot: number;
  readonly portPath: string;
  /** Port of the fixture's relay board, which slots may share. */
  readonly boardPath?: string | undefined;
}

export interface StartedRun {
  readonly slot: number;
  readonly runId: string;
  /** The run's end; rejects only when its record could not be written. */
  readonly finished: Promise<RunResult>;
}

export interface SlotsOptions {
  readonly slots: readonly SlotConfig[];
  readonly log: Log;
  /** Runs a unit to its end; see the runner. */
  readonly run: (
    order: RunRequest,
    emit: (event: RunEvent) => void,
    signal: AbortSignal,
  ) => Promise<RunResult>;
  readonly publish: (
    delta: { kind: 'slot'; slot: SlotView } | { kind: 'selected'; selected: number | null },
  ) => void;
  readonly onRunEvent: (slot: number, event: RunEvent) => void;
  readonly nowMs: () => number;
  /** Somebody is about to use the port of this slot: whoever only listens there lets go of it. */
  readonly onPortNeeded?: (slot: number) => void;
}

export interface Slots {
  readonly state: SlotsState;
  /** Starts a unit on this slot. Faults: `slot-unknown`, `slot-busy`, `slot-unacknowledged`. */
  start(
    slot: number,
    batchId: string,
    recipe: ParsedRecipe,
    serialNumber: string | null,
    operator: string,
    resume?: ResumePoint,
  ): StartedRun;
  /** The slot the next unit belongs on: the selected one, else the lowest free. Faults as `start`. */
  nextFree(): number;
  /** Is there a slot that the next unit may start on. */
  hasFree(): boolean;
  /** May the next unit start on this one. */
  isFree(slot: number): boolean;
  running(): readonly SlotView[];
  /** Returns the slots it concerned; `null`: the one that has waited longest. */
  acknowledge(slot: number | null): number[];
  /**
   * Stops one run or, with `null`, all; returns the slots it concerned.
   *
   * @param why a `cancelled` fault that says who or what stops it: it is the failure of the run's record.
   */
  stop(slot: number | null, why: Fault): number[];
  /** The next scan is for this slot, or the next answer when it asks; `null`: for any. Faults as `start`. */
  select(slot: number | null): void;
  /** Keeps runs off a free slot while something else talks to its unit; disposing gives it back. Faults as `start`. */
  borrow(slot: number): Disposable & { readonly portPath: string };
  /** Holds a chip id for the run on a slot; disposing lets go. Faults: `unit-on-two-slots`. */
  reserveUnit(chipId: string, slot: number): Disposable;
  /** Stops every run and waits until its record is written. */
  close(): Promise<void>;
}

export function createSlots(parts: SlotsOptions): Slots {
  const views = new Map(parts.slots.map(({ slot, portPath }) => [slot, readySlot(slot, portPath)]));
  const active = new Map<number, { readonly stop: AbortController; readonly finished: Promise<RunResult> }>();
  const clearing = new Map<number, ReturnType<typeof setTimeout>>();
  const unitsOnSlots = new Map<string, number>();
  const borrowed = new Set<number>();
  const boards = new Map(parts.slots.map(({ slot, boardPath }) => [slot, boardPath ?? null]));
  let selected: number | null = null;

  function view(slot: number): SlotView {
    const found = views.get(slot);
    if (found !== undefined) return found;
    throw new Fault('slot-unknown', `this station has no slot ${slot}`, {
      hint: `Its slots are ${[...views.keys()].join(', ') || 'not set up yet'}.`,
      details: { slot },
    });
  }
  function change(next: SlotView): void {
    views.set(next.slot, next);
    parts.publish({ kind: 'slot', slot: next });
  }
  function choose(slot: number | null): void {
    if (selected === slot) return;
    selected = slot;
    parts.publish({ kind: 'selected', selected });
  }
  /** Its run asks the person: it is selected to be answered, not to be started. */
  const asks = (slot: number): boolean => views.get(slot)?.run?.prompt != null;
  function requireFree(slot: number): SlotView {
    const current = view(slot);
    if (current.state === 'running' || borrowed.has(slot)) {
      throw new Fault('slot-busy', `slot ${slot} is at work`, {
        hint: 'Wait until it is done, or scan another slot.',
        details: { slot },
      });
    }
    if (current.state === 'unavailable' && current.fault !== null) {
      throw Fault.fromView({ ...current.fault, message: `slot ${slot}: ${current.fault.message}` });
    }
    if (!isFree(current)) throw unacknowledged(slot);
    return current;
  }
  function mayTake(slot: number): boolean {
    return isFree(view(slot)) && !borrowed.has(slot);
  }
  /** Nothing happens on it any more, and what it shows may go. */
  function isOver({ slot, state }: SlotView): boolean {
    return state === 'finished' || (state === 'unavailable' && !active.has(slot));
  }
  function clear(slot: number): void {
    clearTimeout(clearing.get(slot));
    clearing.delete(slot);
    const current = view(slot);
    if (current.state !== 'running') change(readySlot(slot, current.portPath));
  }
  /** By a timer, which nobody sets: what pages are told is only to show it. */
  function clearLater(slot: number): void {
    const timer = setTimeout(() => clear(slot), PASS_CLEARS_MS);
    // A waiting PASS must not keep a terminal from ending.
    timer.unref();
    clearing.set(slot, timer);
  }

  return {
    get state() {
      return { slots: [...views.values()], selected };
    },
    hasFree: () => [...views.keys()].some(mayTake),
    isFree: mayTake,
    running: () => [...views.values()].filter((v) => v.state === 'running'),
    nextFree() {
      if (selected !== null && !asks(selected)) return requireFree(selected).slot;
      const all = [...views.values()];
      const free = all.find((v) => isFree(v) && !borrowed.has(v.slot));
      if (free !== undefined) return free.slot;
      const waiting = all.find((v) => v.state === 'finished');
      if (waiting !== undefined) throw unacknowledged(waiting.slot);
      if (all.length === 0) {
        throw new Fault('slot-unknown', 'this station has no slots', {
          hint: 'Start it with --slot PATH, once per fixture.',
        });
      }
      throw new Fault('slot-busy', 'every slot is at work', {
        hint: 'Wait until one is done, then scan again.',
      });
    },
    start(slot, batchId, recipe, serialNumber, operator, resume) {
      const { portPath } = requireFree(slot);
      parts.onPortNeeded?.(slot);
      clearTimeout(clearing.get(slot));
      clearing.delete(slot);
      const stop = new AbortController();
      let runId = '';
      const emit = (event: RunEvent): void => {
        if (event.kind === 'started') runId = event.runId;
        if (event.kind === 'prompt' && event.prompt === null && selected === slot) choose(null);
        change(advance(view(slot), event, serialNumber, parts.nowMs()));
        parts.onRunEvent(slot, event);
      };
      const order: RunRequest = {
        batchId,
        recipe,
        slot,
        portPath,
        boardPath: boards.get(slot) ?? null,
        serialNumber,
        operator,
        resume,
      };
      // The runner announces itself before its first wait, so the run's id is known when `run` returns.
      const finished = parts.run(order, emit, stop.signal).finally(() => {
        // A next unit may have been started from within the last event already.
        if (active.get(slot)?.stop !== stop) return;
        active.delete(slot);
        const { state, clearsAtMs } = view(slot);
        if (state === 'finished' && clearsAtMs !== null) clearLater(slot);
      });
      active.set(slot, { stop, finished });
      finished.catch((error: unknown) => {
        parts.log.error('run.unrecorded', error, { slot });
        const fault = unrecorded(error);
        change({ ...readySlot(slot, portPath), state: 'unavailable', acknowledged: false, fault });
      });
      // What is being answered elsewhere goes on being answered.
      if (selected !== null && !asks(selected)) choose(null);
      return { slot, runId, finished };
    },
    acknowledge(slot) {
      const waiting = [...views.values()].filter(
        (v) => isOver(v) && (slot === null ? !v.acknowledged : v.slot === slot),
      );
      waiting.sort((a, b) => (a.run?.finishedAtMs ?? 0) - (b.run?.finishedAtMs ?? 0));
      const concerned = (slot === null ? waiting.slice(0, 1) : waiting).map((v) => v.slot);
      for (const done of concerned) clear(done);
      return concerned;
    },
    stop(slot, why) {
      if (slot !== null) view(slot);
      const concerned = [...active.keys()].filter((key) => slot === null || key === slot);
      for (const key of concerned) {
        const current = view(key);
        if (current.run !== null && current.state === 'running')
          change({ ...current, run: { ...current.run, stopping: true } });
        active.get(key)?.stop.abort(why);
      }
      return concerned;
    },
    select(slot) {
      if (slot !== null && !asks(slot)) requireFree(slot);
      choose(slot);
    },
    borrow(slot) {
      const { portPath } = requireFree(slot);
      parts.onPortNeeded?.(slot);
      borrowed.add(slot);
      return { portPath, [Symbol.dispose]: () => void borrowed.delete(slot) };
    },
    reserveUnit(chipId, slot) {
      const other = unitsOnSlots.get(chipId);
      if (other !== undefined && other !== slot) {
        throw new Fault('unit-on-two-slots', `unit ${chipId} answers on slot ${slot} and on slot ${other}`, {
          hint: 'Two units claim one MAC, or two cables lead to one unit. Take both to support.',
          details: { chipId, slot, other },
        });
      }
      unitsOnSlots.set(chipId, slot);
      return { [Symbol.dispose]: () => void unitsOnSlots.delete(chipId) };
    },
    async close() {
      const runs = [...active.values()];
      for (const { stop } of runs) stop.abort(new Fault('cancelled', 'the station was closed'));
      await Promise.allSettled(runs.map(({ finished }) => finished));
      for (const timer of clearing.values()) clearTimeout(timer);
    },
  };
}

function unacknowledged(slot: number): Fault {
  return new Fault('slot-unacknowledged', `the result on slot ${slot} was not acknowledged`, {
    hint: 'Look at it, then press Space or scan #GW#ACK#.',
    details: { slot },
  });
}

function unrecorded(error: unknown): NonNullable<SlotView['fault']> {
  const fault = error instanceof Fault ? error : new Fault('internal', 'the run could not be recorded');
  return fault.toView();
}
