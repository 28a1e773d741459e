import type { PromptView, SlotView } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import { batchOf, calmLine, type Line, poolOf, readySlot, runAt, trialOf } from './line.ts';
import { withLongNames } from './long-names.ts';
import { promptOf } from './prompts.ts';
import type { Failure, Outcome } from './scripted-station.ts';

/** Every state worth looking at. `count` is how many slots the scene is made for; `nowMs` the time it shows. */
export const SCENES = {
  ready: (count, nowMs) => calmLine(count, nowMs),
  running: (count, nowMs) => withSlots(calmLine(count, nowMs), (slot) => running(slot, nowMs)),
  pass: (count, nowMs) => withSlots(calmLine(count, nowMs), (slot) => finished(slot, 'PASS', null, nowMs)),
  fail: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => finished(slot, 'FAIL', 'device-silent', nowMs)),
  error: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => finished(slot, 'ERROR', 'port-lost', nowMs)),
  timeout: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => finished(slot, 'TIMEOUT', 'timeout', nowMs)),
  aborted: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => finished(slot, 'ABORTED', 'cancelled', nowMs)),
  stopping: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => {
      const view = running(slot, nowMs);
      return { ...view, run: view.run && { ...view.run, stopping: true } };
    }),
  unavailable: (count, nowMs) =>
    withSlots(calmLine(count, nowMs), (slot) => unavailable(slot, 'port-missing')),
  'ask-pass-fail': (count, nowMs) => askScene(count, nowMs, 'pass-fail'),
  'ask-confirm': (count, nowMs) => askScene(count, nowMs, 'confirm'),
  'ask-choice': (count, nowMs) => askScene(count, nowMs, 'choice'),
  'ask-number': (count, nowMs) => askScene(count, nowMs, 'number'),
  'ask-text': (count, nowMs) => askScene(count, nowMs, 'text'),
  'ask-scan': (count, nowMs) => askScene(count, nowMs, 'scan'),
  'ask-mixed': (count, nowMs) => askMixed(count, nowMs),
  mixed: (count, nowMs) => withSlots(mixedLine(count, nowMs), (slot) => mixed(slot, nowMs)),
  selected: (count, nowMs) => {
    const line = calmLine(count, nowMs);
    return { ...line, slots: { ...line.slots, selected: Math.min(3, count) } };
  },
  'pick-batch': (count, nowMs) => {
    const line = calmLine(count, nowMs);
    return { ...line, batch: { ...line.batch, active: null } };
  },
  'no-batches': (count, nowMs) => ({
    ...calmLine(count, nowMs),
    batch: { active: null, batches: [], starts: 'scan' },
  }),
  arriving(count, nowMs) {
    const line = calmLine(count, nowMs);
    return { ...line, batch: { ...line.batch, starts: 'arrival' } };
  },
  'batch-complete': (count, nowMs) => {
    const line = calmLine(count, nowMs);
    const active = batchOf('b-3', 'WO-20261119-009', 300, 300, 6, nowMs - 90_000_000);
    return { ...line, batch: { ...line.batch, active } };
  },
  'pool-empty': (count, nowMs) => poolScene(count, nowMs, 0),
  'pool-unneeded': (count, nowMs) => {
    const line = poolScene(count, nowMs, 0);
    const { active } = line.batch;
    const burnsNone = active === null ? null : { ...active, recipe: { ...active.recipe, burns: false } };
    return { ...line, batch: { ...line.batch, active: burnsNone } };
  },
  'pool-low': (count, nowMs) => poolScene(count, nowMs, 7),
  'pool-soon': (count, nowMs) => {
    const line = calmLine(count, nowMs);
    const pace = { perHour: 206, emptyInMs: 48 * 60_000, emptySoon: true };
    return { ...line, pool: { products: [{ productId: 'HK2QX1JY7C', counts: poolOf(165), ...pace }] } };
  },
  'pool-none': (count, nowMs) => ({ ...calmLine(count, nowMs), pool: { products: [] } }),
  'pool-full': (count, nowMs) => fullPool(calmLine(count, nowMs)),
  drifting: (count, nowMs) => ({
    ...withSlots(calmLine(count, nowMs), (slot) => mixed(slot, nowMs)),
    warnings: [
      {
        kind: 'drift',
        phase: 'power',
        step: 'supply',
        name: 'vcc',
        unit: 'V',
        at: null,
        limit: 3.5,
        units: 42,
      },
      { kind: 'incapable', phase: 'radio', step: 'rssi', name: 'rssi', unit: 'dBm', at: null, cpk: 0.81 },
    ],
  }),
  'long-names': (count, nowMs) => withLongNames(mixedLine(count, nowMs), (slot) => mixed(slot, nowMs)),
  'long-question': (count, nowMs) => withLongNames(askScene(count, nowMs, 'pass-fail')),
  'disk-low': (count, nowMs) => diskScene(count, nowMs, false),
  'disk-full': (count, nowMs) => diskScene(count, nowMs, true),
  offline: (count, nowMs) => {
    const line = calmLine(count, nowMs);
    return { ...line, sync: { ...line.sync, connection: 'offline', pending: 37 } };
  },
  parked: (count, nowMs) => {
    const line = calmLine(count, nowMs);
    return { ...line, sync: { ...line.sync, pending: 2, parked: 3 } };
  },
} as const satisfies Record<string, (count: number, nowMs: number) => Line>;

export type SceneName = keyof typeof SCENES;

function withSlots(line: Line, make: (slot: number) => SlotView): Line {
  return { ...line, slots: { ...line.slots, slots: line.slots.slots.map(({ slot }) => make(slot)) } };
}

function poolScene(count: number, nowMs: number, available: number): Line {
  const line = calmLine(count, nowMs);
  return { ...line, pool: { products: [{ productId: 'HK2QX1JY7C', counts: poolOf(available, 1) }] } };
}

/** Two products with triples in every state of their lives; one of them will not last. */
function fullPool(line: Line): Line {
  const busy = { ...poolOf(165, 2), claimed: 1, burning: 3, burned: 9, registered: 812, quarantined: 4 };
  const pace = { perHour: 206, emptyOf: 'free' as const, emptyInMs: 48 * 60_000, emptySoon: true, bound: 40 };
  const calm = { ...poolOf(5000), burned: 0, registered: 1240, retired: 12, returned: 300 };
  return {
    ...line,
    pool: {
      products: [
        { productId: 'HK2QX1JY7C', counts: { ...busy, retired: 6 }, ...pace },
        { productId: 'L9R0W2KQ1B', counts: calm, perHour: 0, emptyInMs: null, emptySoon: false },
      ],
    },
  };
}

function diskScene(count: number, nowMs: number, full: boolean): Line {
  const line = calmLine(count, nowMs);
  const disk = { freeBytes: full ? 41_000_000 : 420_000_000, low: true, full, hoursLeft: full ? 0 : 0.7 };
  return { ...line, health: { ...line.health, disk } };
}

function running(slot: number, nowMs: number): SlotView {
  const progress = ((slot * 37) % 97) / 100;
  return {
    ...readySlot(slot),
    state: 'running',
    run: runAt(slot, progress, nowMs - Math.round(progress * 40_000) - 2_000),
  };
}

function asking(slot: number, kind: PromptView['kind'], nowMs: number, agoMs: number): SlotView {
  const view = running(slot, nowMs);
  // Long enough that a picture taken a little later looks the same.
  return { ...view, run: view.run && { ...view.run, prompt: promptOf(slot, kind, nowMs, 300_400, agoMs) } };
}

/** The first slot asks, the others are at work. */
function askScene(count: number, nowMs: number, kind: PromptView['kind']): Line {
  return withSlots(calmLine(count, nowMs), (slot) =>
    slot === 1 ? asking(slot, kind, nowMs, 55_000) : running(slot, nowMs),
  );
}

/** Several ask at once among everything else; the batch is a trial. */
function askMixed(count: number, nowMs: number): Line {
  const kinds = ['choice', 'pass-fail', 'scan', 'number'] as const;
  const line = mixedLine(count, nowMs);
  const trial = line.batch.active && trialOf(line.batch.active);
  return withSlots({ ...line, batch: { ...line.batch, active: trial } }, (slot) => {
    const kind = slot % 4 === 1 || slot === 4 ? kinds[slot % kinds.length] : undefined;
    return kind === undefined ? mixed(slot, nowMs) : asking(slot, kind, nowMs, 20_000 + slot * 17_000);
  });
}

function finished(slot: number, outcome: Outcome, code: FaultCode | null, nowMs: number): SlotView {
  const finishedAtMs = nowMs - 1_000 - slot;
  const failure = code === null ? null : failureOf(code);
  return {
    ...readySlot(slot),
    state: 'finished',
    run: { ...runAt(slot, 0.9, nowMs - 31_000), progress: 1, outcome, failure, finishedAtMs },
    acknowledged: outcome === 'PASS',
    // Long enough for a picture, and for every other scene to be looked at.
    clearsAtMs: outcome === 'PASS' ? finishedAtMs + 3_600_000 : null,
  };
}

function unavailable(slot: number, code: FaultCode): SlotView {
  return {
    ...readySlot(slot),
    state: 'unavailable',
    fault: { code, message: `/dev/ttyUSB${slot - 1}: no such device`, hint: 'Plug it in.', details: {} },
  };
}

export function failureOf(code: FaultCode): Failure {
  return {
    code,
    phase: 'burn',
    step: 'burn-triple',
    message: 'no reply to AT+TCDEVINFOSET within 10000 ms, 3 attempts',
    hint: 'Look at the recording of this run.',
    details:
      code === 'limit-exceeded'
        ? { measurement: 'RSSI', value: '-81 dBm', limits: '≥ -70 dBm' }
        : { attempts: 3 },
  };
}

function mixedLine(count: number, nowMs: number): Line {
  const line = calmLine(count, nowMs);
  return { ...line, sync: { ...line.sync, pending: 4 } };
}

/** Everything at once, in an order that puts unlike things side by side. */
function mixed(slot: number, nowMs: number): SlotView {
  switch ((slot - 1) % 16) {
    case 0:
    case 9:
    case 13:
      return running(slot, nowMs);
    case 1:
      return finished(slot, 'FAIL', 'device-silent', nowMs);
    case 2:
    case 10:
      return finished(slot, 'PASS', null, nowMs);
    case 4:
      return finished(slot, 'ERROR', 'port-lost', nowMs);
    case 5:
      return { ...running(slot, nowMs), run: { ...runAt(slot, 0.5, nowMs - 9_000), stopping: true } };
    case 6:
      return unavailable(slot, 'port-missing');
    case 7:
      return finished(slot, 'TIMEOUT', 'timeout', nowMs);
    case 11:
      return finished(slot, 'ABORTED', 'cancelled', nowMs);
    case 12:
      return finished(slot, 'FAIL', 'limit-exceeded', nowMs);
    case 14:
      return { ...finished(slot, 'FAIL', 'read-back-mismatch', nowMs), acknowledged: true };
    default:
      return readySlot(slot);
  }
}
