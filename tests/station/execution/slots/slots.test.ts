import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { parseRecipe, type RunEvent, type RunResult } from '#station';
import { Admission } from '../../../../station/core/admission/index.ts';
import { Slots, type StartedRun, stoppedBy } from '../../../../station/execution/slots/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';

const recipe = parseRecipe(moduleRecipe(), 'recipe');

/** A run whose end is in the test's hands. */
interface Hand {
  readonly slot: number;
  readonly signal: AbortSignal;
  end(outcome: Outcome): void;
  fail(error: unknown): void;
}

let hands: Hand[];
let bank: Slots;
let runs = 0;

beforeEach(() => {
  vi.useFakeTimers();
  hands = [];
  bank = new Slots({
    prompts: { at: () => null },
    labelAt: () => null,
    admission: new Admission(),
    slots: [1, 2, 3].map((slot) => ({ slot, portPath: `/dev/p${slot}` })),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    nowMs: () => Date.now(),
    publish: () => undefined,
    onRunEvent: () => undefined,
    run(order, emit: (event: RunEvent) => void, signal) {
      const runId = `r${++runs}`;
      emit({ kind: 'started', runId, slot: order.slot, atMs: Date.now() });
      return new Promise((resolve, reject) => {
        hands.push({
          slot: order.slot,
          signal,
          fail: reject,
          end(outcome) {
            const failure =
              outcome === 'PASS'
                ? null
                : {
                    code: 'limit-exceeded' as const,
                    phase: 'p',
                    step: 's',
                    message: 'm',
                    hint: null,
                    details: {},
                  };
            const result: RunResult = {
              runId,
              slot: order.slot,
              serialNumber: order.serialNumber,
              chipId: null,
              unitId: null,
              productId: null,
              deviceName: null,
              unproven: false,
              outcome,
              failure,
              startedAtMs: 0,
              finishedAtMs: Date.now(),
              ms: 1,
            };
            emit({ kind: 'finished', result });
            resolve(result);
          },
        });
      });
    },
  });
});
afterEach(() => void vi.useRealTimers());

const start = (slot: number): StartedRun => bank.start(slot, 'B', recipe, null, 'Li');
const stateOf = (slot: number): string | undefined => bank.state.slots.find((v) => v.slot === slot)?.state;
const hand = (slot: number): Hand => {
  const found = hands.findLast((h) => h.slot === slot);
  if (found === undefined) throw new Error(`nothing ever ran on slot ${slot}`);
  return found;
};

describe('a slot', () => {
  it('is ready, works, shows a PASS for five seconds and is ready again', async () => {
    expect(stateOf(1)).toBe('ready');
    const { finished, runId } = start(1);
    expect(runId).toBe(`r${runs}`);
    expect(stateOf(1)).toBe('running');
    hand(1).end('PASS');
    await finished;
    expect(stateOf(1)).toBe('finished');
    await vi.advanceTimersByTimeAsync(4990);
    expect(stateOf(1)).toBe('finished');
    await vi.advanceTimersByTimeAsync(20);
    expect(stateOf(1)).toBe('ready');
  });

  it('with a PASS takes the next unit at once, and that one is not cleared by the old clock', async () => {
    const first = start(1);
    hand(1).end('PASS');
    await first.finished;
    start(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(stateOf(1)).toBe('running');
  });

  it.each(['FAIL', 'ERROR', 'TIMEOUT', 'ABORTED'] as const)(
    'with %s waits for a person, forever',
    async (outcome) => {
      const { finished } = start(1);
      hand(1).end(outcome);
      await finished;
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(stateOf(1)).toBe('finished');
      expect(await faultOf(() => start(1))).toMatchObject({ code: 'slot-unacknowledged' });
      expect(bank.acknowledge(1)).toEqual([1]);
      expect(stateOf(1)).toBe('ready');
      start(1);
    },
  );

  it('takes one unit at a time, and is one of those that are there', async () => {
    start(1);
    expect(await faultOf(() => start(1))).toMatchObject({ code: 'slot-busy', details: { slot: 1 } });
    expect(await faultOf(() => start(9))).toMatchObject({ code: 'slot-unknown' });
  });

  it('whose run could not be recorded shows that until it is acknowledged', async () => {
    const { finished } = start(1);
    hand(1).fail(new Fault('disk-full', 'no space left', { hint: 'Free space.' }));
    await faultOf(() => finished);
    await vi.advanceTimersByTimeAsync(0);
    expect(bank.state.slots[0]).toMatchObject({ state: 'unavailable', fault: { code: 'disk-full' } });
    expect(await faultOf(() => start(1))).toMatchObject({ code: 'disk-full' });
    bank.acknowledge(1);
    start(1);
    expect(stateOf(1)).toBe('running');
  });
});

describe('the next unit', () => {
  it('goes to the lowest free slot, or to the one that was chosen', async () => {
    expect(bank.nextFree()).toBe(1);
    start(1);
    expect(bank.nextFree()).toBe(2);
    bank.select(3);
    expect(bank.nextFree()).toBe(3);
    start(3);
    // A choice is for one unit.
    expect(bank.state.selected).toBeNull();
    expect(bank.nextFree()).toBe(2);
    expect(await faultOf(() => bank.select(1))).toMatchObject({ code: 'slot-busy' });
  });

  it('is refused when every slot is busy, and when a result was not acknowledged', async () => {
    for (const slot of [1, 2, 3]) start(slot);
    expect(await faultOf(() => bank.nextFree())).toMatchObject({ code: 'slot-busy' });
    hand(2).end('FAIL');
    await vi.advanceTimersByTimeAsync(0);
    expect(await faultOf(() => bank.nextFree())).toMatchObject({
      code: 'slot-unacknowledged',
      details: { slot: 2 },
    });
  });
});

describe('an acknowledgement without a slot', () => {
  it('is for the result that waits longest, and never for a PASS', async () => {
    for (const slot of [1, 2, 3]) start(slot);
    hand(3).end('FAIL');
    await vi.advanceTimersByTimeAsync(10);
    hand(1).end('ERROR');
    hand(2).end('PASS');
    await vi.advanceTimersByTimeAsync(10);
    expect(bank.acknowledge(null)).toEqual([3]);
    expect(bank.acknowledge(null)).toEqual([1]);
    expect(bank.acknowledge(null)).toEqual([]);
    expect(stateOf(2)).toBe('finished');
  });
});

describe('a stop', () => {
  it('reaches the run on its slot, or every run, as the operator’s', () => {
    for (const slot of [1, 2, 3]) start(slot);
    expect(bank.stop(2, stoppedBy('ANNA'))).toEqual([2]);
    expect(hand(2).signal.reason).toMatchObject({ code: 'cancelled', message: 'stopped by ANNA' });
    expect(hand(1).signal.aborted).toBe(false);
    expect(bank.state.slots[1]).toMatchObject({ state: 'running', run: { stopping: true } });
    expect(bank.stop(null, stoppedBy('operator'))).toEqual([1, 2, 3]);
    expect(hand(3).signal.aborted).toBe(true);
  });

  it('of the whole station waits until every run is recorded', async () => {
    start(1);
    let closed = false;
    const closing = bank.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(1000);
    expect(closed).toBe(false);
    expect(hand(1).signal.aborted).toBe(true);
    hand(1).end('ABORTED');
    await closing;
    expect(closed).toBe(true);
  });
});

describe('one unit on two slots', () => {
  it('is refused on the second, until the first lets go', async () => {
    const held = bank.reserveUnit('AABB', 1);
    expect(await faultOf(() => bank.reserveUnit('AABB', 2))).toMatchObject({
      code: 'unit-on-two-slots',
      details: { slot: 2, other: 1 },
    });
    bank.reserveUnit('CCDD', 2);
    held[Symbol.dispose]();
    bank.reserveUnit('AABB', 2);
  });
});
