import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { UnitReport, TimelineEntry } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import { judgeUnit, type Verdict } from '#shared/domain/verdict.ts';
import type { Ledger } from '../identity/index.ts';
import type { ReadBackStrength, UnitInfo } from '../devices/protocols/index.ts';
import type { DeviceView, RefusalsReply, RegistryClient } from '../registry-sync/client/index.ts';
import type { WritableDatabase, UnitRow } from '../core/database/index.ts';
import { relatedUnits } from './related-units.ts';
import { NOTHING, unitTimeline } from './timeline.ts';

export interface UnitReportParts {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly registry: () => RegistryClient | null;
}

/** What a device said when it was answer. */
export interface DeviceAnswer {
  readonly info: UnitInfo;
  readonly reading: IdentityReading;
  readonly readBack: ReadBackStrength;
}

/** What may be done to a unit of which this is known; `actionsFor` is also the guard before anything is done. */
export function actionsFor(verdict: Verdict, bound: boolean): UnitReport['actions'] {
  switch (verdict) {
    case 'known':
    case 'erased':
    case 'in-doubt':
      return ['keep', 'reissue', 'retire'];
    case 'mismatch':
      return bound ? ['keep', 'reissue', 'retire'] : ['reissue'];
    case 'unknown':
    case 'foreign':
    case 'retired':
      return bound ? ['keep', 'reissue'] : ['reissue'];
    case 'not-read':
    case 'identity-free':
      return [];
  }
}

/**
 * Everything known of a unit. `answer` is the device's own word, `null` when the unit is not here; `named` the identity that
 * it was answer for by, of which the registry may know more than this station does of a unit.
 */
export async function compileUnitReport(
  parts: UnitReportParts,
  unit: UnitRow | null,
  serialNumber: string | null,
  answer: DeviceAnswer | null,
  signal: AbortSignal,
  named: IdentityName | null = null,
): Promise<UnitReport> {
  const { database, ledger } = parts;
  const live = unit === null ? null : database.triples.findLiveOfUnit(unit.unitId);
  const holds = answer === null ? null : answer.reading.kind === 'none' ? 'nothing' : answer.reading.name;
  const held = holds === null || holds === 'nothing' ? null : holds;
  const verdict = judgeUnit({
    holds,
    secretMatches: answer?.reading.kind === 'holds' ? answer.reading.secretMatches : null,
    bound: live,
    heldElsewhere: held === null || unit === null ? null : ledger.whereabouts(held, unit.unitId),
  });
  const subject = held ?? live ?? lastIdentity(database, unit) ?? named;
  const known = await askRegistry(parts.registry(), subject, signal);
  const timeline = [...unitTimeline(database, unit, serialNumber), ...registryTimeline(known)];
  return {
    chipId: unit?.chipId ?? null,
    unitId: unit === null ? null : unitIdOf(unit),
    serialNumber: unit?.serialNumber ?? serialNumber,
    model: answer?.info.model ?? unit?.model ?? null,
    firmwareVersion: answer?.info.firmwareVersion ?? unit?.firmwareVersion ?? null,
    reading:
      answer === null
        ? null
        : {
            holds: held === null ? null : { productId: held.productId, deviceName: held.deviceName },
            secretMatches: answer.reading.kind === 'holds' ? answer.reading.secretMatches : null,
            readBack: answer.readBack,
          },
    bound:
      live === null ? null : { productId: live.productId, deviceName: live.deviceName, state: live.state },
    registry:
      known.device === null
        ? null
        : {
            state: known.device.state,
            connection: known.device.connection,
            chipId: known.device.chipId,
            lastSeenMs: known.device.lastSeenMs,
          },
    registryReachable: known.reachable,
    verdict,
    actions: answer === null ? [] : actionsFor(verdict, live !== null),
    timeline: timeline.sort((a, b) => a.atMs - b.atMs),
    others: relatedUnits(database, unit, serialNumber, held),
  };
}

/** The newest identity a unit ever had, for one that has none now. */
function lastIdentity(database: WritableDatabase, unit: UnitRow | null) {
  return unit === null ? null : (database.triples.listOfUnit(unit.unitId).at(-1) ?? null);
}

/** What the registry says of an identity. */
interface RegistryWord {
  readonly reachable: boolean;
  readonly device: DeviceView | null;
  readonly refusals: RefusalsReply['refusals'];
}

const OUT_OF_REACH: RegistryWord = { reachable: false, device: null, refusals: [] };

async function askRegistry(
  registry: RegistryClient | null,
  name: { readonly productId: string; readonly deviceName: string } | null,
  signal: AbortSignal,
): Promise<RegistryWord> {
  if (registry === null) return OUT_OF_REACH;
  try {
    if (name === null) await registry.health(signal);
    if (name === null) return { reachable: true, device: null, refusals: [] };
    const device = await registry.device(name.productId, name.deviceName, signal);
    const refused = device === null ? null : await registry.refusals(name, 0, signal);
    return { reachable: true, device, refusals: refused?.refusals ?? [] };
  } catch (error) {
    // Offline is a normal state: the desk works with what is known here, and says that the registry was not answer.
    if (error instanceof Fault && error.code === 'registry-unreachable') return OUT_OF_REACH;
    throw error;
  }
}

function registryTimeline({ device, refusals }: RegistryWord): TimelineEntry[] {
  const base = { ...NOTHING, source: 'registry' as const, deviceName: device?.deviceName ?? null };
  const entries: TimelineEntry[] = [];
  if (device?.firstSeenMs != null) entries.push({ ...base, atMs: device.firstSeenMs, kind: 'first-online' });
  if (device?.lastSeenMs != null && device.lastSeenMs !== device.firstSeenMs)
    entries.push({ ...base, atMs: device.lastSeenMs, kind: 'last-online' });
  for (const { act, reason, detail, count, address, firstAtMs, lastAtMs } of refusals)
    entries.push({
      ...base,
      atMs: lastAtMs,
      kind: 'refused',
      note: detail,
      refusal: { act, reason, count, sinceMs: firstAtMs, address },
    });
  return entries;
}
