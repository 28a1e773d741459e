import type { SlotView, UnitReport } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Verdict } from '#shared/domain/verdict.ts';
import { pendingCases, timelineEntry, unitReport } from '../fixtures/units.ts';
import { PRODUCT_ID } from '../fixtures/station.ts';
import type { Answers, MockStation } from '../mock-station.ts';
import { requireApproval } from './session.ts';
import { changeSlot } from './slots.ts';
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
const TRANSFER: SlotView['transfer'] = {
  stage: 'writing',
  image: 'lamp.bin.ota',
  doneBytes: 430_000,
  totalBytes: 1_048_576,
  kbitPerSecond: 880,
};
const SILENT_SLOT = 9;
/** A unit that is near over Bluetooth is as the one on this slot. */
const NEAR_UNIT = 1;
const NEW_IDENTITY = { productId: PRODUCT_ID, deviceName: 'dev_4187' };
const REISSUED: Partial<UnitReport> = {
  reading: { holds: NEW_IDENTITY, secretMatches: true, readBack: 'bcc8' },
  bound: { ...NEW_IDENTITY, state: 'burned' },
  registry: null,
};

/** Each slot holds a unit with another verdict; a unit takes `unitMs` to answer. */
export function returnAnswers(nowMs: number, unitMs = 30): Answers {
  return {
    'returns.pendingCases': { units: pendingCases(nowMs) },
    'returns.read': async ({ slot = NEAR_UNIT }, { station, signal }) => {
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
    'returns.writeOff': ({ deviceName, productId, approver, approverPin }, { by }) => {
      requireApproval(approver, approverPin, by.user);
      return { productId: productId ?? PRODUCT_ID, deviceName, was: 'quarantined', chipId: null };
    },
    'returns.unbind': ({ approver, approverPin }, { by }) => {
      requireApproval(approver, approverPin, by.user);
      return { released: true, told: false };
    },
    'returns.flash': async ({ slot, reason, approver, approverPin }, { signal, by, station }) => {
      requireApproval(approver, approverPin, by.user);
      changeSlot(station, slot, { transfer: TRANSFER });
      try {
        await wait(unitMs, signal);
      } finally {
        changeSlot(station, slot, { transfer: null });
      }
      const report = unitReport('known', slot, nowMs);
      const flashed = timelineEntry({
        atMs: nowMs,
        source: 'audit',
        kind: 'flashed',
        note: `lamp.bin.ota 1.2.0 · ${reason} · approved by ${approver}`,
        images: [{ name: 'lamp.bin.ota', sha256: '9f'.repeat(32), before: 'lamp 1.1.0' }],
        actor: by.user,
      });
      return { ...report, timeline: [...report.timeline, flashed] };
    },
    'returns.act': async ({ slot = NEAR_UNIT, action, reason, approver, approverPin }, { signal, by }) => {
      await wait(unitMs, signal);
      requireApproval(approver, approverPin, by.user);
      const after = unitReport(action === 'retire' ? 'unknown' : 'known', slot, nowMs);
      const note = `${action} · ${reason} · approved by ${approver}`;
      const returned = timelineEntry({
        atMs: nowMs,
        source: 'audit',
        kind: 'returned',
        note,
        decision: { action, reason, approver, approverProven: true },
        actor: by.user,
      });
      return {
        ...after,
        ...(action === 'reissue' ? REISSUED : {}),
        timeline: [...after.timeline, returned],
      };
    },
  };
}

function reportOf(slot: number, nowMs: number): UnitReport {
  return unitReport(VERDICT_OF_SLOT[(slot - 1) % VERDICT_OF_SLOT.length] ?? 'known', slot, nowMs);
}

/** Without the registry's record while the station is offline. */
function withRegistry(station: MockStation, report: UnitReport): UnitReport {
  const isOnline = station.state('sync').connection === 'online';
  if (isOnline) return report;
  const { owner: _unknown, ...rest } = report;
  return { ...rest, registry: null, registryReachable: false };
}
