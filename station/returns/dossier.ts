import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Dossier, TimelineEntry } from '#shared/contract/index.ts';
import { judgeUnit, type Verdict } from '#shared/domain/verdict.ts';
import type { Ledger } from '../identity/index.ts';
import type { ReadBackStrength, UnitInfo } from '../protocols/index.ts';
import type { DeviceView, RegistryClient } from '../registry/index.ts';
import type { RunRow, Store, UnitRow } from '../store/index.ts';

export interface DossierParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly registry: () => RegistryClient | null;
}

/** What a device said when it was asked. */
export interface Asked {
  readonly info: UnitInfo;
  readonly reading: IdentityReading;
  readonly readBack: ReadBackStrength;
}

/** What may be done to a unit of which this is known; `actionsFor` is also the guard before anything is done. */
export function actionsFor(verdict: Verdict, bound: boolean): Dossier['actions'] {
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
      return [];
  }
}

/** Everything known of a unit. `asked` is the device's own word, `null` when the unit is not here. */
export async function compileDossier(
  parts: DossierParts,
  unit: UnitRow | null,
  serialNumber: string | null,
  asked: Asked | null,
  signal: AbortSignal,
): Promise<Dossier> {
  const { store, ledger } = parts;
  const live = unit === null ? null : store.triples.liveOf(unit.unitId);
  const holds = asked === null ? null : asked.reading.kind === 'none' ? 'nothing' : asked.reading.name;
  const held = holds === null || holds === 'nothing' ? null : holds;
  const verdict = judgeUnit({
    holds,
    secretMatches: asked?.reading.kind === 'holds' ? asked.reading.secretMatches : null,
    bound: live,
    heldElsewhere: held === null || unit === null ? null : ledger.whereabouts(held, unit.unitId),
  });
  const subject = held ?? live ?? lastIdentity(store, unit);
  const known = await askRegistry(parts.registry(), subject, signal);
  const timeline = [
    ...ledgerTimeline(store, unit),
    ...runTimeline(store, unit, serialNumber),
    ...auditTimeline(store, unit),
    ...registryTimeline(known.device),
  ];
  return {
    chipId: unit?.chipId ?? null,
    serialNumber: unit?.serialNumber ?? serialNumber,
    model: asked?.info.model ?? unit?.model ?? null,
    firmwareVersion: asked?.info.firmwareVersion ?? unit?.firmwareVersion ?? null,
    reading:
      asked === null
        ? null
        : {
            holds: held === null ? null : { productId: held.productId, deviceName: held.deviceName },
            secretMatches: asked.reading.kind === 'holds' ? asked.reading.secretMatches : null,
            readBack: asked.readBack,
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
    actions: asked === null ? [] : actionsFor(verdict, live !== null),
    timeline: timeline.sort((a, b) => a.atMs - b.atMs),
  };
}

/** The newest identity a unit ever had, for one that has none now. */
function lastIdentity(store: Store, unit: UnitRow | null) {
  return unit === null ? null : (store.triples.ofUnit(unit.unitId).at(-1) ?? null);
}

async function askRegistry(
  registry: RegistryClient | null,
  name: { readonly productId: string; readonly deviceName: string } | null,
  signal: AbortSignal,
): Promise<{ reachable: boolean; device: DeviceView | null }> {
  if (registry === null) return { reachable: false, device: null };
  try {
    if (name === null) await registry.health(signal);
    const device = name === null ? null : await registry.device(name.productId, name.deviceName, signal);
    return { reachable: true, device };
  } catch (error) {
    // Offline is a normal state: the desk works with what is known here, and says that the registry was not asked.
    if (error instanceof Fault && error.code === 'registry-unreachable')
      return { reachable: false, device: null };
    throw error;
  }
}

const nothing = { deviceName: null, runId: null, outcome: null, note: '', actor: null } as const;

function ledgerTimeline(store: Store, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return store.triples.historyOfUnit(unit.unitId).map(({ event, at, runId, note, deviceName }) => ({
    ...nothing,
    atMs: at,
    source: 'ledger',
    kind: `identity-${event}` as const,
    deviceName,
    runId,
    note,
  }));
}

function runTimeline(store: Store, unit: UnitRow | null, serialNumber: string | null): TimelineEntry[] {
  const serial = unit?.serialNumber ?? serialNumber;
  const runs = new Map<string, RunRow>();
  for (const run of unit === null ? [] : store.runs.ofUnit(unit.unitId)) runs.set(run.runId, run);
  for (const run of serial === null ? [] : store.runs.ofSerial(serial)) runs.set(run.runId, run);
  return [...runs.values()].flatMap((run): TimelineEntry[] => {
    const base = { ...nothing, source: 'run' as const, runId: run.runId, actor: run.operator };
    const started: TimelineEntry = {
      ...base,
      atMs: run.startedAt,
      kind: 'run-started',
      note: run.serialNumber ?? '',
    };
    if (run.finishedAt === null) return [started];
    return [
      started,
      {
        ...base,
        atMs: run.finishedAt,
        kind: 'run-finished',
        deviceName: run.deviceName,
        outcome: run.outcome,
        note: run.failure?.message ?? '',
      },
    ];
  });
}

function auditTimeline(store: Store, unit: UnitRow | null): TimelineEntry[] {
  if (unit === null) return [];
  return store.audit.ofSubject(unit.chipId).map((row) => {
    const { reason, approver, action } = JSON.parse(row.details) as Record<string, string>;
    const note = [action, reason, approver === undefined ? undefined : `approved by ${approver}`]
      .filter((part) => part !== undefined)
      .join(' · ');
    return { ...nothing, atMs: row.at, source: 'audit', kind: 'returned', note, actor: row.actor };
  });
}

function registryTimeline(device: DeviceView | null): TimelineEntry[] {
  const base = { ...nothing, source: 'registry' as const, deviceName: device?.deviceName ?? null };
  const entries: TimelineEntry[] = [];
  if (device?.firstSeenMs != null) entries.push({ ...base, atMs: device.firstSeenMs, kind: 'first-online' });
  if (device?.lastSeenMs != null && device.lastSeenMs !== device.firstSeenMs)
    entries.push({ ...base, atMs: device.lastSeenMs, kind: 'last-online' });
  return entries;
}
