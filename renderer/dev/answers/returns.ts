import type { UnitReport } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Verdict } from '#shared/domain/verdict.ts';
import { pendingCases, timelineEntry, unitReport } from '../fixtures/units.ts';
import { PRODUCT_ID } from '../fixtures/station.ts';
import type { Answers, MockStation } from '../mock-station.ts';
import { requireApproval } from './session.ts';
import { wait } from './wait.ts';

/** The verdict on the unit of each slot, from slot 1. */
const VERDICT_OF_SLOT: readonly Verdict[] = [
  'known',
  'unknown',
  'foreign',
  'in-doubt',
  'mismatch',
  'erased',
  'retired',
];
const SILENT_SLOT = 9;

/** Each slot holds a unit with another verdict; a unit takes `unitMs` to answer. */
export function returnAnswers(nowMs: number, unitMs = 30): Answers {
  return {
    'returns.pendingCases': { units: pendingCases(nowMs) },
    'returns.read': async ({ slot }, { station, signal }) => {
      await wait(unitMs, signal);
      if (slot !== SILENT_SLOT) return withRegistry(station, reportOf(slot, nowMs));
      throw new Fault('device-silent', 'no reply to AT within 3000 ms', { hint: 'Check power and contact.' });
    },
    'returns.find': ({ text }, { station }) => {
      const number = Number(/^(?:SN26112000|dev_41)(\d\d)$/.exec(text)?.[1] ?? 0);
      if (number > 0) return withRegistry(station, unitReport('not-read', number, nowMs));
      throw new Fault('not-found', `this station has no record of "${text}"`, {
        hint: 'Scan the serial number, or type the MAC or the DeviceName; or read the unit on a slot.',
      });
    },
    'returns.act': async ({ slot, action, reason, approver, approverPin }, { signal, by }) => {
      await wait(unitMs, signal);
      requireApproval(approver, approverPin, by.user);
      const note = `${action} · ${reason} · approved by ${approver}`;
      return reportAfter(action, reportOf(slot, nowMs), note, by.user);
    },
  };
}

function reportOf(slot: number, nowMs: number): UnitReport {
  return unitReport(VERDICT_OF_SLOT[(slot - 1) % VERDICT_OF_SLOT.length] ?? 'known', slot, nowMs);
}

/** Without the registry's record while the station is offline. */
function withRegistry(station: MockStation, report: UnitReport): UnitReport {
  const isOnline = station.state('sync').connection === 'online';
  return isOnline ? report : { ...report, registry: null, registryReachable: false };
}

function reportAfter(
  action: UnitReport['actions'][number],
  before: UnitReport,
  note: string,
  actor: string,
): UnitReport {
  const atMs = Date.now();
  const { bound, registry } = before;
  const entry = timelineEntry({ atMs, note });
  const returned = { ...entry, source: 'audit', kind: 'returned', actor } as const;
  const retired = { ...entry, kind: 'identity-retire', deviceName: bound?.deviceName ?? null } as const;
  if (action === 'retire')
    return {
      ...before,
      reading: { holds: null, secretMatches: null, readBack: 'bcc8' },
      bound: null,
      registry: registry && { ...registry, state: 'retired' },
      verdict: 'unknown',
      actions: ['reissue'],
      timeline: [...before.timeline, returned, retired],
    };
  const isNew = action === 'reissue';
  const deviceName = isNew || bound === null ? 'dev_4187' : bound.deviceName;
  const identity = { productId: PRODUCT_ID, deviceName };
  const state = isNew ? 'leased' : 'bound';
  return {
    ...before,
    reading: { holds: identity, secretMatches: true, readBack: 'bcc8' },
    bound: { ...identity, state: 'burned' },
    registry: { state, connection: 'offline', chipId: before.chipId, lastSeenMs: atMs },
    verdict: 'known',
    actions: ['keep', 'reissue', 'retire'],
    timeline: [
      ...before.timeline,
      returned,
      ...(isNew && bound !== null ? [retired] : []),
      { ...entry, kind: 'identity-confirm', deviceName },
    ],
  };
}
