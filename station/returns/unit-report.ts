import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import type { UnitReport } from '#shared/contract/index.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import { decideVerdict, type Verdict } from '#shared/domain/verdict.ts';
import { whereaboutsOf } from '../identity/index.ts';
import type { UnitInfo } from '../devices/protocols/index.ts';
import type { DeviceView, RegistryClient } from '../registry-sync/client/index.ts';
import type { ReadableDatabase, UnitRow } from '../core/database/index.ts';
import { ownerOf, readRegistryRecords, registryTimeline } from './registry-records.ts';
import { relatedUnits } from './related-units.ts';
import { unitTimeline } from './timeline.ts';

export interface UnitReportOptions {
  readonly database: ReadableDatabase;
  readonly registry: () => RegistryClient | null;
  /** False for a station that is bound to no registry. Default: whether there is a client. */
  readonly isRegistryBound?: boolean;
}

/** The device's replies. */
export interface DeviceAnswer {
  readonly info: UnitInfo;
  readonly reading: IdentityReading;
  readonly readBack: ReadBackStrength;
}

/** The actions that a verdict allows; also checked before an action is performed. */
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

/** Search terms of a unit that is not on a slot. */
export interface SearchTerms {
  readonly serialNumber?: string | null;
  /** An identity whose records the registry is asked for. */
  readonly identity?: IdentityName | null;
}

/**
 * Combines the records of this station, of the registry and of the device itself.
 * Faults: those of `RegistryClient` except `registry-unreachable`, which is in the report.
 *
 * @param unit null for a serial number or an identity that no unit of this station has
 * @param answer null when the unit was not read
 */
export async function compileUnitReport(
  options: UnitReportOptions,
  unit: UnitRow | null,
  answer: DeviceAnswer | null,
  searchTerms: SearchTerms,
  signal: AbortSignal,
): Promise<UnitReport> {
  const { database } = options;
  const { serialNumber = null, identity = null } = searchTerms;
  const live = unit === null ? null : database.triples.findLiveOfUnit(unit.unitId);
  const holds = answer === null ? null : answer.reading.kind === 'none' ? 'nothing' : answer.reading.name;
  const held = holds === null || holds === 'nothing' ? null : holds;
  const verdict = decideVerdict({
    holds,
    secretMatches: answer?.reading.kind === 'holds' ? answer.reading.secretMatches : null,
    bound: live,
    heldElsewhere: held === null || unit === null ? null : whereaboutsOf(database, held, unit.unitId),
  });
  const last = live ?? lastIdentity(database, unit);
  const subject = held ?? last ?? identity;
  const remote = await readRegistryRecords(options.registry(), subject, signal);
  const owner = ownerOf(remote);
  const timeline = [...unitTimeline(database, unit, serialNumber), ...registryTimeline(remote)];
  return {
    chipId: unit?.chipId ?? null,
    unitId: unit === null ? null : unitIdOf(unit),
    serialNumber: unit?.serialNumber ?? serialNumber,
    model: answer?.info.model ?? unit?.model ?? null,
    firmwareVersion: answer?.info.firmwareVersion ?? unit?.firmwareVersion ?? null,
    reading: answer === null ? null : readingView(answer, held),
    bound:
      live === null ? null : { productId: live.productId, deviceName: live.deviceName, state: live.state },
    retired: last?.state === 'retired' ? { productId: last.productId, deviceName: last.deviceName } : null,
    registry: remote.device === null ? null : deviceView(remote.device),
    ...(owner === undefined ? {} : { owner }),
    registryReachable: remote.reachable,
    registryBound: options.isRegistryBound ?? options.registry() !== null,
    verdict,
    actions: answer === null ? [] : actionsFor(verdict, live !== null),
    timeline: timeline.sort((a, b) => a.atMs - b.atMs),
    relatedUnits: relatedUnits(database, unit, serialNumber, held),
  };
}

function readingView(
  { reading, readBack }: DeviceAnswer,
  held: IdentityName | null,
): NonNullable<UnitReport['reading']> {
  return {
    holds: held === null ? null : { productId: held.productId, deviceName: held.deviceName },
    secretMatches: reading.kind === 'holds' ? reading.secretMatches : null,
    readBack,
  };
}

function deviceView({
  state,
  connection,
  chipId,
  lastSeenMs,
}: DeviceView): NonNullable<UnitReport['registry']> {
  return { state, connection, chipId, lastSeenMs };
}

/** The last identity of a unit that has none now. */
function lastIdentity(database: ReadableDatabase, unit: UnitRow | null) {
  return unit === null ? null : (database.triples.listOfUnit(unit.unitId).at(-1) ?? null);
}
