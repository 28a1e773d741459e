import type {
  BatchState,
  BatchView,
  PoolState,
  SlotsState,
  SlotView,
  StationHealth,
  StationInfo,
  SyncState,
  YieldWarning,
} from '#shared/contract/index.ts';

/** The state of a whole scripted station. */
export interface Line {
  readonly info: StationInfo;
  readonly slots: SlotsState;
  readonly batch: BatchState;
  readonly pool: PoolState;
  readonly sync: SyncState;
  readonly health: StationHealth;
  readonly warnings?: readonly YieldWarning[];
}

const PHASES = [
  { name: 'identify', title: { 'zh-CN': '识别产品', en: 'Identify' } },
  { name: 'burn', title: { 'zh-CN': '写入三元组', en: 'Burn the triple' } },
  { name: 'radio', title: { 'zh-CN': '射频测试', en: 'Radio test' } },
  { name: 'online', title: { 'zh-CN': '云端验证', en: 'Prove online' } },
  { name: 'label', title: { 'zh-CN': '打印标签', en: 'Label' } },
] as const;

/** A station with `count` ready slots, three batches and everything well. */
export function calmLine(count: number, nowMs: number): Line {
  const batches = [
    batchOf('b-1', 'WO-20261120-017', 500, 128, 2, nowMs - 3_600_000),
    trialOf(batchOf('b-2', 'WO-20261120-018', 1200, 0, 0, nowMs - 1_800_000)),
    batchOf('b-3', 'WO-20261119-009', 300, 300, 6, nowMs - 90_000_000),
  ];
  return {
    info: {
      station: 'L3-07',
      appVersion: '0.1.0',
      dataDir: '',
      registryUrl: 'http://127.0.0.1',
      slots: count,
      terminal: { program: 'npm --prefix /opt/gongwei run gongwei --', data: '--data /srv/line-3/station' },
      session: { role: 'operator', user: 'dev' },
    },
    slots: { slots: Array.from({ length: count }, (_, index) => readySlot(index + 1)), selected: null },
    batch: { active: batches[0] ?? null, batches, starts: 'scan' },
    pool: { products: [{ productId: 'HK2QX1JY7C', counts: poolOf(372) }] },
    sync: {
      connection: 'online',
      pending: 0,
      parked: 0,
      sent: 1024,
      oldestMs: null,
      nextAttemptAtMs: null,
      lastFault: null,
    },
    health: {
      disk: { freeBytes: 84_300_000_000, low: false, full: false, hoursLeft: null },
      backup: { lastAtMs: nowMs - 3_000_000, fault: null },
      trailRewritten: false,
      lostLogLines: 0,
    },
  };
}

export function readySlot(slot: number): SlotView {
  return {
    slot,
    portPath: `/dev/ttyUSB${slot - 1}`,
    state: 'ready',
    fault: null,
    run: null,
    acknowledged: true,
    clearsAtMs: null,
  };
}

export function runOf(slot: number, serialNumber: string, startedAtMs: number): NonNullable<SlotView['run']> {
  return {
    runId: `run-${slot}-${startedAtMs}`,
    serialNumber,
    chipId: null,
    deviceName: null,
    startedAtMs,
    finishedAtMs: null,
    phase: null,
    step: null,
    progress: 0,
    outcome: null,
    failure: null,
    stopping: false,
    prompt: null,
  };
}

/** A run `progress` of the way through the sample recipe, with what is known of the unit by then. */
export function runAt(slot: number, progress: number, startedAtMs: number): NonNullable<SlotView['run']> {
  const index = Math.min(PHASES.length - 1, Math.floor(progress * PHASES.length));
  const phase = PHASES[index];
  const serial = `SN26112000${String(slot).padStart(2, '0')}`;
  return {
    ...runOf(slot, serial, startedAtMs),
    chipId: index >= 1 ? `7CDFA1B0C4${slot.toString(16).toUpperCase().padStart(2, '0')}` : null,
    deviceName: index >= 2 ? `dev_${String(4100 + slot)}` : null,
    phase: phase === undefined ? null : { ...phase, index, count: PHASES.length },
    progress,
  };
}

export function poolOf(available: number, inDoubt = 0): PoolState['products'][number]['counts'] {
  return {
    available,
    claimed: 0,
    burning: 0,
    burned: 3,
    registered: 125,
    inDoubt,
    quarantined: 0,
    retired: 0,
  };
}

/** The same batch with a recipe that is not locked. */
export function trialOf(batch: BatchView): BatchView {
  return { ...batch, recipe: { ...batch.recipe, locked: false } };
}

export function batchOf(
  batchId: string,
  name: string,
  quantity: number,
  passed: number,
  notPassed: number,
  createdAtMs: number,
): BatchView {
  return {
    batchId,
    name,
    productId: 'HK2QX1JY7C',
    recipe: {
      name: 'at-module',
      version: '1.4.0',
      hash: '9f3c07d2a41be6580c7d9911f2c3aa07d52e7b6c8f10a9d4e3b2c1f0e9d8c7b6',
      title: { 'zh-CN': '智能插座 Wi-Fi 模组', en: 'Smart plug Wi-Fi module' },
      serialExample: 'SN2611200001',
      locked: true,
      burns: true,
    },
    firmware: null,
    start: null,
    quantity,
    passed,
    notPassed,
    runs: passed + notPassed,
    createdAtMs,
  };
}
