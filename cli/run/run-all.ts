import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { macOrNull } from '#shared/domain/unit-id.ts';
import type { NextUnit, RunResult, Station } from '#station';
import { announceRuns } from '../run-events.ts';
import type { Output } from '../output.ts';
import { formatRun } from './format-run.ts';

export interface RunAllOptions {
  readonly batchId: string;
  /** The serial numbers to run, in this order; `null`: units are distinguished by their chip id. */
  readonly serials: readonly string[] | null;
  /** The most units, including runs that are resumed after a crash. */
  readonly limit: number;
  readonly nextWithinMs: number;
  readonly operator: string;
  /** A person at the terminal answers questions about labels; without one, a slot whose label is asked about takes no more units. */
  readonly hasPerson: boolean;
}

export interface RunAllReport {
  readonly results: readonly RunResult[];
  /** Listed serial numbers without a run, in options. */
  readonly notRun: readonly string[];
  /** Slots whose unit passed and waits for its label. */
  readonly withoutLabel: readonly number[];
  /** Why no further run was started; `null` when all were done. */
  readonly refused: Fault | null;
}

/**
 * Runs units on all slots of the station, one worker per slot; each takes the next unit after the last. Runs that a crash
 * interrupted are resumed first, on their slots, and count. When the batch is complete unless a unit on another slot fails, a
 * worker waits for that unit. The caller stops the runs when `signal` fires.
 */
export async function runAll(
  station: Station,
  options: RunAllOptions,
  out: Output,
  signal: AbortSignal,
): Promise<RunAllReport> {
  const { batchId, operator } = options;
  const results: RunResult[] = [];
  const withoutLabel: number[] = [];
  announceRuns(station, out);
  const resumedRuns = station.resumeRuns();
  const resumedSerials = new Set(
    resumedRuns.filter((run) => run.batchId === batchId).map(({ serialNumber }) => serialNumber),
  );
  const queue =
    options.serials === null ? null : options.serials.filter((serial) => !resumedSerials.has(serial));
  let remaining = options.limit;
  let refused: Fault | null = null;
  let ended = false;
  const limitReached = new AbortController();
  const waitSignal = AbortSignal.any([signal, limitReached.signal]);
  const end = (fault: Fault | null = null): void => {
    refused ??= fault;
    ended = true;
    limitReached.abort();
  };
  /** Runs in progress; a worker waits for one of them when the batch accepts no more units for now. */
  const underWay = new Set<Promise<unknown>>();

  function take(result: RunResult): void {
    results.push(result);
    out.print(formatRun(result));
    station.slots.acknowledge(result.slot);
    if (result.failure?.code === 'pool-empty') end(poolEmpty(result));
    if (remaining <= 0) limitReached.abort();
  }

  async function wait(finished: Promise<RunResult>): Promise<RunResult> {
    underWay.add(finished);
    try {
      return await finished;
    } finally {
      underWay.delete(finished);
    }
  }

  async function finish(finished: Promise<RunResult>): Promise<RunResult> {
    const result = await wait(finished);
    take(result);
    return result;
  }

  /** Waits for the run on this slot that is resumed after a crash; `null` without one. */
  async function finishResumed(slot: number): Promise<RunResult | null> {
    const resumed = resumedRuns.find((run) => run.slot === slot);
    if (resumed === undefined) return null;
    const { runId, serialNumber } = resumed;
    out.event('run.resumed', { run: runId, slot, serialNumber });
    out.print(`slot ${slot}: the run of ${serialNumber ?? 'its unit'} goes on after the crash`);
    if (resumed.batchId === batchId) {
      remaining -= 1;
      return finish(resumed.finished);
    }
    const result = await wait(resumed.finished);
    out.print(`${formatRun(result)}  (of another batch: not counted here)`);
    station.slots.acknowledge(slot);
    return null;
  }

  /** True when another unit is on the slot: without serial numbers the same unit would be run again. */
  async function isNext(slot: number, last: RunResult): Promise<boolean> {
    if (isFull()) return false;
    out.event('slot.waiting', { slot, mac: macOf(last), withinMs: options.nextWithinMs });
    const next = await station
      .nextUnit(batchId, slot, last.chipId, options.nextWithinMs, waitSignal)
      .catch((error: unknown): NextUnit => {
        if (waitSignal.aborted) return 'none';
        if (!(error instanceof Fault)) throw error;
        end(error);
        return 'none';
      });
    if (next === 'there') return true;
    if (waitSignal.aborted) return false;
    out.event('slot.ended', { slot, mac: macOf(last), because: next === 'same' ? 'same-unit' : 'no-unit' });
    const timeout = `${options.nextWithinMs / 1000} s`;
    out.notice(
      next === 'same'
        ? `slot ${slot}: ${last.unitId?.text ?? 'the unit'} was run and is still there; put the next one on it, or give --serials`
        : `slot ${slot}: no unit was put on it in ${timeout}`,
    );
    return false;
  }

  function isFull(): boolean {
    const { passed, quantity } = station.batches.get(batchId);
    return passed >= quantity;
  }

  /** Starts the next unit on a slot and waits for its end; `null` when there is none, or none may be started. */
  async function runNext(slot: number): Promise<RunResult | null> {
    const serialNumber = queue === null ? null : (queue.shift() ?? null);
    if (queue !== null && serialNumber === null) return null;
    for (;;) {
      try {
        const started = station.startUnit({ batchId, serialNumber, operator, slot });
        remaining -= 1;
        return await finish(started.finished);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const others = [...underWay];
        if (!MAY_PASS.has(error.code) || others.length === 0 || signal.aborted) {
          // Refused before the run began: the other slots finish their runs.
          if (serialNumber !== null) queue?.unshift(serialNumber);
          end(error);
          return null;
        }
        // The batch may accept the unit when a unit in progress does not pass.
        await Promise.race(others).catch(() => undefined);
        if (ended) {
          if (serialNumber !== null) queue?.unshift(serialNumber);
          return null;
        }
      }
    }
  }

  /** False when the unit on the slot waits for its label, and no person at this terminal can decide. */
  async function hasLabel(slot: number): Promise<boolean> {
    try {
      if (await station.labels.whenSettled(slot, signal, !options.hasPerson)) return true;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    withoutLabel.push(slot);
    return false;
  }

  async function worker(slot: number): Promise<void> {
    if (!(await hasLabel(slot))) return;
    let last = await finishResumed(slot);
    if (last !== null && !(await hasLabel(slot))) return;
    while (!ended && !signal.aborted && remaining > 0) {
      if (queue === null && last !== null && !(await isNext(slot, last))) return;
      if (ended || signal.aborted || remaining <= 0) return;
      const result = await runNext(slot);
      if (result === null) return;
      if (!(await hasLabel(slot))) return;
      last = result;
    }
  }

  await Promise.all(station.slots.state.slots.map(({ slot }) => worker(slot)));
  return { results, notRun: queue ?? [], withoutLabel, refused };
}

/** Refusals that may no longer apply when a unit on another slot has finished. */
const MAY_PASS: ReadonlySet<FaultCode> = new Set(['batch-complete', 'serial-running']);

function poolEmpty({ failure }: RunResult): Fault {
  return new Fault('pool-empty', failure?.message ?? 'there are no triples left', {
    hint: failure?.hint ?? 'Import triples, or lease them.',
  });
}

function macOf({ unitId }: RunResult): string | null {
  return macOrNull(unitId);
}
