import type { BatchState, BatchView, PromptView, SlotsState, SlotView } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { updateFixture } from './answers/updates.ts';
import { firmwarePackages } from './fixtures/firmware.ts';
import { LONG_STATION, withLongBatch, withLongNames } from './fixtures/long-names.ts';
import {
  askingSlot,
  codeSlot,
  finishedSlot,
  promptView,
  flashingSlot,
  runningSlot,
  slotView,
  unavailableSlot,
} from './fixtures/slots.ts';
import { FULL_POOL, poolOf, RECIPE, stationHealth, syncState, threeBatches } from './fixtures/station.ts';
import { YIELD_WARNINGS, yieldState } from './fixtures/yields.ts';
import type { TopicFixtures } from './mock-station.ts';

/** How many slots a scene has, and the time that it shows. */
export interface SceneSize {
  readonly slots: number;
  readonly nowMs: number;
}

/** The fixtures of a scene, where they differ from a ready station, and the name of the station if it has another. */
interface Scene extends TopicFixtures {
  readonly stationName?: string;
}

/** The scenes: states of the station. */
export const SCENES = {
  ready: () => ({}),
  running: (size) => ({ slots: slotsOf(size, runningSlot) }),
  code: (size) => ({ slots: slotsOf(size, codeSlot) }),
  flashing: (size) => ({ slots: slotsOf(size, flashingSlot) }),
  pass: (size) => ({ slots: results(size, 'PASS') }),
  fail: (size) => ({ slots: results(size, 'FAIL', 'device-silent') }),
  error: (size) => ({ slots: results(size, 'ERROR', 'port-lost') }),
  timeout: (size) => ({ slots: results(size, 'TIMEOUT', 'timeout') }),
  aborted: (size) => ({ slots: results(size, 'ABORTED', 'cancelled') }),
  stopping: (size) => ({
    slots: slotsOf(size, (slot, nowMs) => runningSlot(slot, nowMs, { stopping: true })),
  }),
  unavailable: (size) => ({ slots: slotsOf(size, unavailableSlot) }),
  'ask-pass-fail': (size) => ({ slots: firstAsks(size, 'pass-fail') }),
  'ask-confirm': (size) => ({ slots: firstAsks(size, 'confirm') }),
  'ask-choice': (size) => ({ slots: firstAsks(size, 'choice') }),
  'ask-number': (size) => ({ slots: firstAsks(size, 'number') }),
  'ask-text': (size) => ({ slots: firstAsks(size, 'text') }),
  'ask-photo': (size) => ({ slots: firstAsks(size, 'photo') }),
  'ask-scan': (size) => ({ slots: firstAsks(size, 'scan') }),
  'ask-mixed': (size) => ({
    slots: slotsOf(size, askingOrMixed),
    batch: batchState(size, ([first]) => ({ active: withRecipe(first, { locked: false }) })),
    sync: syncState({ pending: 4 }),
  }),
  mixed: (size) => ({ slots: slotsOf(size, mixedSlot), sync: syncState({ pending: 4 }) }),
  selected: (size) => ({ slots: { ...slotsOf(size), selected: Math.min(3, size.slots) } }),
  'pick-batch': (size) => ({ batch: batchState(size, () => ({ active: null })) }),
  'no-batches': (size) => ({ batch: batchState(size, () => ({ active: null, batches: [] })) }),
  arriving: (size) => ({ batch: batchState(size, () => ({ starts: 'arrival' })) }),
  'batch-complete': (size) => ({ batch: batchState(size, ([, , complete]) => ({ active: complete })) }),
  'pool-empty': () => ({ pool: poolOf({ available: 0, inDoubt: 1 }) }),
  'pool-unneeded': (size) => ({
    batch: batchState(size, ([first]) => ({ active: withRecipe(first, { burns: false }) })),
    pool: poolOf({ available: 0, inDoubt: 1 }),
  }),
  'pool-low': () => ({ pool: poolOf({ available: 7, inDoubt: 1 }) }),
  'pool-soon': () => ({
    pool: poolOf({ available: 165 }, { perHour: 206, emptyInMs: 48 * 60_000, emptySoon: true }),
  }),
  'pool-none': () => ({ pool: { products: [] } }),
  'pool-full': () => ({ pool: FULL_POOL }),
  drifting: (size) => ({
    slots: slotsOf(size, mixedSlot),
    yield: yieldState(threeBatches(size.nowMs)[0], size.nowMs, YIELD_WARNINGS),
  }),
  'long-names': (size) => ({
    stationName: LONG_STATION,
    slots: withLongNames(slotsOf(size, mixedSlot)),
    batch: withLongBatch(batchState(size)),
    sync: syncState({ pending: 4 }),
  }),
  'long-question': (size) => ({
    stationName: LONG_STATION,
    slots: withLongNames(firstAsks(size, 'pass-fail')),
    batch: withLongBatch(batchState(size)),
  }),
  'disk-low': (size) => ({
    station: health(size, { freeBytes: 420_000_000, low: true, full: false, fault: null, hoursLeft: 0.7 }),
  }),
  'disk-full': (size) => ({
    station: health(size, { freeBytes: 41_000_000, low: true, full: true, fault: null, hoursLeft: 0 }),
  }),
  offline: () => ({ sync: syncState({ connection: 'offline', pending: 37 }) }),
  parked: () => ({ sync: syncState({ pending: 2, parked: 3 }) }),
  'no-paper': (size) => ({
    slots: firstAsksAboutLabel(size, NOT_PRINTED),
    printer: { state: { condition: 'stopped', problems: ['paper-out'], waiting: 0 }, fault: null },
  }),
  'label-refused': (size) => ({ slots: firstAsksAboutLabel(size, LABEL_REFUSED) }),
  'set-aside': () => ({ sync: syncState({ parked: 1, setAside: 2 }) }),
} as const satisfies Readonly<Record<string, (size: SceneSize) => Scene>>;

export type SceneName = keyof typeof SCENES;

/** The fixtures of a scene for all topics that the pages watch. */
export function sceneOf(name: SceneName, size: SceneSize): Scene & Required<Pick<TopicFixtures, 'slots'>> {
  const scene: Scene = SCENES[name](size);
  const batch = scene.batch ?? batchState(size);
  return {
    slots: slotsOf(size),
    pool: poolOf(),
    sync: syncState(),
    printer: { state: null, fault: null },
    station: health(size),
    firmware: { packages: firmwarePackages(size.nowMs), jobs: [] },
    exports: { running: [] },
    backupWork: { running: [] },
    imports: { running: [] },
    dryRun: { available: true, current: null },
    updates: updateFixture(),
    ...scene,
    batch,
    yield: scene.yield ?? yieldState(batch.active, size.nowMs),
  };
}

type MakeSlot = (slot: number, nowMs: number) => SlotView;

function slotsOf(size: SceneSize, make: MakeSlot = (slot) => slotView({ slot })): SlotsState {
  const slots = Array.from({ length: size.slots }, (_, index) => make(index + 1, size.nowMs));
  return { slots, selected: null };
}

function results(size: SceneSize, outcome: Outcome, code?: FaultCode): SlotsState {
  return slotsOf(size, (slot, nowMs) => finishedSlot(slot, nowMs, outcome, code));
}

/** The first slot asks, the others are running. */
function firstAsks(size: SceneSize, kind: PromptView['kind']): SlotsState {
  return slotsOf(size, (slot, nowMs) =>
    slot === 1 ? askingSlot(slot, nowMs, kind, 55_000) : runningSlot(slot, nowMs),
  );
}

/** The unit on the first slot passed, and there is a question about its label. */
function firstAsksAboutLabel(size: SceneSize, asked: LabelQuestion): SlotsState {
  return slotsOf(size, (slot, nowMs) => {
    if (slot !== 1) return runningSlot(slot, nowMs);
    const finished = finishedSlot(slot, nowMs, 'PASS');
    const prompt = promptView({ step: 'label', askedAtMs: nowMs, endsAtMs: null, ...asked });
    return {
      ...finished,
      clearsAtMs: null,
      label: { state: 'asking', left: 1 },
      run: finished.run === null ? null : { ...finished.run, prompt },
    };
  });
}

type LabelQuestion = Pick<PromptView, 'kind' | 'ask' | 'choices' | 'refused'>;

const NOT_PRINTED: LabelQuestion = {
  kind: 'choice',
  ask: {
    'zh-CN': '产品合格，标签没有打印：没有纸。打印机就绪后会自动打印。',
    en: 'The unit passed. Its label was not printed: no paper. It is printed by itself as soon as the printer is ready.',
  },
  choices: [
    { value: 'retry', title: { 'zh-CN': '重试', en: 'Try again' } },
    { value: 'later', title: { 'zh-CN': '以后打印，先放一边', en: 'Later: put it aside' } },
  ],
};

/** The label of another unit was scanned. */
const LABEL_REFUSED: LabelQuestion = {
  kind: 'scan',
  choices: [],
  refused: {
    'zh-CN': '这是 SN2611200018 的标签：两张标签可能贴反了。请检查两台产品。',
    en: 'This is the label of SN2611200018: two labels may be swapped. Check both units.',
  },
  ask: {
    'zh-CN': '产品合格。请把 SN2611200001 的标签贴上，再扫描它。',
    en: 'The unit passed. Put the label of SN2611200001 on it, then scan it.',
  },
};

type Batches = ReturnType<typeof threeBatches>;

/** Three batches, the first of them active; and what differs. */
function batchState(
  { nowMs }: SceneSize,
  differences: (batches: Batches) => Partial<BatchState> = () => ({}),
): BatchState {
  const batches = threeBatches(nowMs);
  return { active: batches[0], batches: [...batches], starts: 'scan', ...differences(batches) };
}

function withRecipe(batch: BatchView, changes: Partial<BatchView['recipe']>): BatchView {
  return { ...batch, recipe: { ...RECIPE, ...changes } };
}

function health({ nowMs }: SceneSize, disk?: ReturnType<typeof stationHealth>['disk']) {
  const backup = { lastAtMs: nowMs - 3_000_000, copyAtMs: null, fault: null };
  return stationHealth(disk === undefined ? { backup } : { backup, disk });
}

/** Several slots with questions among other states. */
function askingOrMixed(slot: number, nowMs: number): SlotView {
  const kinds = ['choice', 'pass-fail', 'scan', 'number'] as const;
  const kind = slot % 4 === 1 || slot === 4 ? kinds[slot % kinds.length] : undefined;
  return kind === undefined ? mixedSlot(slot, nowMs) : askingSlot(slot, nowMs, kind, 20_000 + slot * 17_000);
}

/** All appearances, in an order with different ones side by side. */
function mixedSlot(slot: number, nowMs: number): SlotView {
  switch ((slot - 1) % 16) {
    case 0:
    case 9:
    case 13:
      return runningSlot(slot, nowMs);
    case 1:
      return finishedSlot(slot, nowMs, 'FAIL', 'device-silent');
    case 2:
    case 10:
      return finishedSlot(slot, nowMs, 'PASS');
    case 4:
      return finishedSlot(slot, nowMs, 'ERROR', 'port-lost');
    case 5:
      return runningSlot(slot, nowMs, { progress: 0.5, startedAtMs: nowMs - 9_000, stopping: true });
    case 6:
      return unavailableSlot(slot);
    case 7:
      return finishedSlot(slot, nowMs, 'TIMEOUT', 'timeout');
    case 11:
      return finishedSlot(slot, nowMs, 'ABORTED', 'cancelled');
    case 12:
      return finishedSlot(slot, nowMs, 'FAIL', 'limit-exceeded');
    case 14:
      return { ...finishedSlot(slot, nowMs, 'FAIL', 'read-back-mismatch'), acknowledged: true };
    default:
      return slotView({ slot });
  }
}
