import type { UnitReport, TimelineEntry } from '#shared/contract/index.ts';
import type { Verdict } from '#shared/domain/verdict.ts';

const PRODUCT = 'HK2QX1JY7C';
const DAY_MS = 86_400_000;

/** What lies on which slot, one kind of trouble each. */
const ON_SLOT: readonly Verdict[] = [
  'known',
  'unknown',
  'foreign',
  'in-doubt',
  'mismatch',
  'erased',
  'retired',
];

export function unitOn(slot: number, nowMs: number): UnitReport {
  return unitThat(ON_SLOT[(slot - 1) % ON_SLOT.length] ?? 'known', slot, nowMs);
}

/** Units of serial numbers `SN2611200001`… and DeviceNames `dev_4101`…, without the unit at hand. */
export function found(text: string, nowMs: number): UnitReport | null {
  const number = Number(/^(?:SN26112000|dev_41)(\d\d)$/.exec(text)?.[1] ?? Number.NaN);
  if (!Number.isInteger(number) || number < 1) return null;
  return { ...unitThat('known', number, nowMs), reading: null, verdict: 'not-read', actions: [] };
}

function unitThat(verdict: Verdict, number: number, nowMs: number): UnitReport {
  const deviceName = `dev_${4100 + number}`;
  const chipId = `7CDFA1B0C4${number.toString(16).toUpperCase().padStart(2, '0')}`;
  const base: UnitReport = {
    chipId,
    serialNumber: `SN26112000${String(number).padStart(2, '0')}`,
    model: 'ESP8266 AT module',
    firmwareVersion: 'QCloud_AT_v2.2.0',
    reading: { holds: { productId: PRODUCT, deviceName }, secretMatches: true, readBack: 'bcc8' },
    bound: { productId: PRODUCT, deviceName, state: 'registered' },
    registry: { state: 'bound', connection: 'offline', chipId, lastSeenMs: nowMs - 2 * DAY_MS },
    registryReachable: true,
    verdict,
    actions: ['keep', 'reissue', 'retire'],
    timeline: historyOf(deviceName, nowMs),
    relatedUnits: [],
  };
  switch (verdict) {
    case 'known':
    case 'not-read':
    case 'identity-free':
      return base;
    case 'unknown':
      return {
        ...base,
        serialNumber: null,
        reading: { holds: null, secretMatches: null, readBack: 'bcc8' },
        bound: null,
        registry: null,
        actions: ['reissue'],
        timeline: [],
      };
    case 'foreign':
      return {
        ...base,
        serialNumber: null,
        reading: {
          holds: { productId: 'L9R0W2KQ1B', deviceName: 'plug-00f3a2' },
          secretMatches: null,
          readBack: 'bcc8',
        },
        bound: null,
        registry: null,
        actions: ['reissue'],
        timeline: [],
      };
    case 'in-doubt':
      return {
        ...base,
        reading: { holds: { productId: PRODUCT, deviceName }, secretMatches: false, readBack: 'bcc8' },
        bound: { productId: PRODUCT, deviceName, state: 'in-doubt' },
        registry: { state: 'leased', connection: 'never-seen', chipId: null, lastSeenMs: null },
        timeline: cutOff(deviceName, nowMs),
      };
    case 'mismatch':
      return {
        ...base,
        reading: {
          holds: { productId: PRODUCT, deviceName: 'dev_4033' },
          secretMatches: null,
          readBack: 'bcc8',
        },
        registry: {
          state: 'bound',
          connection: 'offline',
          chipId: '7CDFA1B0C399',
          lastSeenMs: nowMs - DAY_MS,
        },
        relatedUnits: [
          {
            relation: 'has-its-identity',
            chipId: '7CDFA1B0C399',
            serialNumber: 'SN2611200033',
            bound: { productId: PRODUCT, deviceName: 'dev_4033', state: 'registered' },
            timeline: historyOf('dev_4033', nowMs),
          },
        ],
      };
    case 'erased':
      return { ...base, reading: { holds: null, secretMatches: null, readBack: 'bcc8' } };
    case 'retired':
      return {
        ...base,
        bound: null,
        registry: { state: 'retired', connection: 'offline', chipId, lastSeenMs: nowMs - 9 * DAY_MS },
        actions: ['reissue'],
      };
  }
}

type Entry = Partial<TimelineEntry> & Pick<TimelineEntry, 'kind' | 'source'>;

function at(
  startMs: number,
  entries: readonly (readonly [afterMs: number, entry: Entry])[],
): TimelineEntry[] {
  const nothing = { deviceName: null, runId: null, outcome: null, note: '', actor: null };
  return entries.map(([afterMs, entry]) => ({ ...nothing, ...entry, atMs: startMs + afterMs }));
}

function historyOf(deviceName: string, nowMs: number): TimelineEntry[] {
  const line = { runId: 'run-2', actor: '王芳' };
  return at(nowMs - 23 * DAY_MS, [
    [0, { source: 'run', kind: 'run-started', runId: 'run-1', actor: '王芳' }],
    [
      6_400,
      {
        source: 'run',
        kind: 'run-finished',
        runId: 'run-1',
        outcome: 'FAIL',
        actor: '王芳',
        note: 'no reply to AT within 3000 ms, 3 attempts',
      },
    ],
    [95_000, { source: 'run', kind: 'run-started', ...line }],
    [97_100, { source: 'ledger', kind: 'identity-claim', deviceName, runId: 'run-2' }],
    [97_400, { source: 'ledger', kind: 'identity-intend', deviceName, runId: 'run-2' }],
    [99_000, { source: 'ledger', kind: 'identity-confirm', deviceName, runId: 'run-2' }],
    [104_000, { source: 'registry', kind: 'first-online', deviceName }],
    [109_300, { source: 'run', kind: 'run-finished', ...line, deviceName, outcome: 'PASS' }],
    [
      112_000,
      { source: 'ledger', kind: 'identity-register', deviceName, note: 'acknowledged by the registry' },
    ],
    [21 * DAY_MS, { source: 'registry', kind: 'last-online', deviceName }],
    [
      22 * DAY_MS,
      {
        source: 'registry',
        kind: 'refused',
        deviceName,
        refusal: {
          act: 'login',
          reason: 'expired',
          count: 418,
          sinceMs: nowMs - 26 * 3_600_000,
          address: '10.0.0.31',
        },
      },
    ],
  ]);
}

function cutOff(deviceName: string, nowMs: number): TimelineEntry[] {
  return at(nowMs - 3_600_000, [
    [0, { source: 'run', kind: 'run-started', runId: 'run-7', actor: '王芳' }],
    [2_000, { source: 'ledger', kind: 'identity-claim', deviceName, runId: 'run-7' }],
    [2_300, { source: 'ledger', kind: 'identity-intend', deviceName, runId: 'run-7' }],
    [
      1_900_000,
      {
        source: 'ledger',
        kind: 'identity-doubt',
        deviceName,
        runId: 'run-7',
        note: 'the station went down while it was being written',
      },
    ],
    [
      1_900_100,
      {
        source: 'run',
        kind: 'run-finished',
        runId: 'run-7',
        outcome: 'ERROR',
        actor: '王芳',
        note: 'the station was stopped in the middle of the run',
      },
    ],
  ]);
}
