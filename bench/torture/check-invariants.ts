import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { PoolCounts } from '#shared/contract/index.ts';
import { mayMissWrongSecret } from '#shared/domain/read-back.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import { openStationDatabaseForReading } from '#station';
import { databaseFile, type ParkedRow } from '../../station/core/database/index.ts';
import type { Findings } from './findings.ts';
import type { StationUnderTest } from './station-under-test.ts';
import { PRODUCT } from './recipe.ts';
import { readFlashRecord } from '#simulator';

type CheckedStation = Pick<StationUnderTest, 'name' | 'dataDir' | 'flashDir' | 'units' | 'announced'>;

/** The state that a station reported after it had sent everything. */
export interface FinalState {
  readonly sut: CheckedStation;
  readonly pending: number;
  readonly counts: PoolCounts;
  readonly violations: readonly string[];
  readonly auditBrokenAt: number | null;
  readonly unfinished: number;
  /** Reports that are due and batches that could not be closed; absent where the station makes none. */
  readonly dueReports?: readonly string[];
  readonly openBatches?: readonly string[];
  readonly identities: readonly {
    readonly chipId: string;
    readonly productId: string;
    readonly deviceName: string;
    readonly state: string;
    readonly secretSha256: string;
  }[];
}

interface Device {
  readonly name: string;
  readonly state: string;
  readonly leasedTo: string | null;
  readonly chipId: string | null;
}

/** The registry's database, read from the disk without code of the registry. */
interface RegistryRecords {
  readonly devices: ReadonlyMap<string, Device>;
  /** Run id to its number of records. */
  readonly runs: ReadonlyMap<string, number>;
  readonly returns: number;
  readonly events: ReadonlyMap<string, number>;
}

/** States in which, by the ledger, the device holds the triple. */
const HELD_STATES: ReadonlySet<string> = new Set(['burned', 'registered']);

/** Compares the flash of the devices, the ledgers of the stations and the database of the registry. All processes have ended. */
export function checkInvariants(
  finalStates: readonly FinalState[],
  registryDir: string,
  findings: Findings,
): void {
  const registry = readRegistry(registryDir);
  checkIdentitiesUnique(finalStates, registry, findings);
  for (const station of finalStates) {
    checkUnits(station, registry, findings);
    checkRuns(station, registry, findings);
    checkStation(station, findings);
  }
  checkTriples(finalStates, registry, findings);
  checkEvents(registry, findings);
}

/** One name and one secret belong to one unit, over all flash files, ledgers and bindings. */
function checkIdentitiesUnique(
  finalStates: readonly FinalState[],
  registry: RegistryRecords,
  findings: Findings,
): void {
  const owners = new Map<string, Set<string>>();
  const own = (what: string, chipId: string): void => {
    const known = owners.get(what) ?? new Set();
    owners.set(what, known.add(chipId));
  };
  for (const { sut, identities } of finalStates) {
    for (const unit of sut.units) {
      const identity = readFlashRecord(sut.flashDir, unit.mac)?.identity ?? null;
      if (identity === null) continue;
      const chipId = normalizeChipId(unit.mac) ?? '';
      own(`${identity.productId}/${identity.deviceName}`, chipId);
      own(`secret ${identity.secretSha256.slice(0, 12)}`, chipId);
    }
    for (const { productId, deviceName, chipId, secretSha256 } of identities) {
      own(`${productId}/${deviceName}`, chipId);
      own(`secret ${secretSha256.slice(0, 12)}`, chipId);
    }
  }
  const boundTo = new Map<string, string>();
  for (const { name, state, chipId } of registry.devices.values()) {
    if (chipId === null) continue;
    own(`${PRODUCT}/${name}`, chipId);
    if (state !== 'bound') continue;
    const other = boundTo.get(chipId);
    if (other !== undefined)
      findings.duplicateIdentities.push(`the registry has both ${other} and ${name} on ${chipId}`);
    boundTo.set(chipId, name);
  }
  for (const [what, chips] of owners)
    if (chips.size > 1) findings.duplicateIdentities.push(`${what} belongs to ${[...chips].join(' and ')}`);
}

/** A unit, the ledger of its station and the registry have the same identity. */
function checkUnits({ sut, identities }: FinalState, registry: RegistryRecords, findings: Findings): void {
  for (const unit of sut.units) {
    const flash = readFlashRecord(sut.flashDir, unit.mac)?.identity ?? null;
    const chipId = normalizeChipId(unit.mac) ?? '';
    const who = `${sut.name}, unit ${unit.serialNumber} (${unit.mac})`;
    const ledger = identities.find((one) => one.chipId === chipId && HELD_STATES.has(one.state)) ?? null;
    if (flash !== null && flash.deviceName !== ledger?.deviceName)
      findings.lostResults.push(
        `${who}: holds ${flash.deviceName}, the ledger says ${ledger?.deviceName ?? 'nothing'}`,
      );
    if (flash === null && ledger !== null)
      findings.lostResults.push(`${who}: holds nothing, the ledger says ${ledger.deviceName}`);
    if (flash === null || ledger === null || flash.deviceName !== ledger.deviceName) continue;
    // The checksum of a module has eight bits. A different secret is no violation when the record says that no login proved it.
    if (flash.secretSha256 !== ledger.secretSha256 && !isRecordedUnproven(sut, unit.serialNumber, chipId))
      findings.unsettled.push(`${who}: holds ${flash.deviceName} with another secret than the ledger's`);
    if (ledger.state !== 'registered')
      findings.unsettled.push(`${who}: ${ledger.deviceName} is ${ledger.state}, not registered`);
    const device = registry.devices.get(ledger.deviceName);
    if (device?.state !== 'bound' || device.chipId !== chipId)
      findings.lostResults.push(
        `${who}: the registry has ${ledger.deviceName} ${device?.state ?? 'unknown'} on ${device?.chipId ?? 'no unit'}`,
      );
  }
}

/** Whether the latest record of a write, by a run or a return, says that no login proved the identity. False without a record. */
function isRecordedUnproven(sut: CheckedStation, serialNumber: string, chipId: string): boolean {
  const database = openStationDatabaseForReading(sut.dataDir);
  using resources = new DisposableStack();
  resources.defer(() => database.close());
  const passed = database.runs.listOfSerialNumber(serialNumber).findLast((run) => run.outcome === 'PASS');
  const outbox = new Database(databaseFile(sut.dataDir), { readonly: true });
  resources.defer(() => outbox.close());
  const returned = outbox
    .prepare<[string], { at: number; online: string | null }>(
      `SELECT created_at AS at, payload ->> '$.identity.proof.online' AS online FROM outbox
       WHERE kind = 'unit.returned' AND lane = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(chipId);
  if (returned !== undefined && returned.at > (passed?.finishedAtMs ?? 0))
    return returned.online !== 'device';
  // A read-back that proves the secret leaves no excuse.
  return passed?.proof?.online === 'none' && mayMissWrongSecret(passed.proof.readBack);
}

/** Every recorded run and every announced run is at the registry exactly once. */
function checkRuns({ sut }: FinalState, registry: RegistryRecords, findings: Findings): void {
  const database = openStationDatabaseForReading(sut.dataDir);
  try {
    const recorded = new Map(
      database.batches
        .list()
        .flatMap(({ batchId }) => database.runs.listOfBatch(batchId, 1_000_000))
        .map((run) => [run.runId, run.outcome]),
    );
    for (const [runId, outcome] of sut.announced) {
      if (recorded.get(runId) !== outcome)
        findings.lostResults.push(
          `${sut.name}: run ${runId} was announced ${outcome} and is recorded ${recorded.get(runId) ?? 'nowhere'}`,
        );
    }
    for (const [runId, outcome] of recorded) {
      const known = registry.runs.get(runId) ?? 0;
      if (known === 0)
        findings.lostResults.push(`${sut.name}: run ${runId} (${outcome ?? 'open'}) is not at the registry`);
      if (known > 1)
        findings.duplicateEvents.push(`${sut.name}: run ${runId} is ${known} times at the registry`);
    }
    for (const event of database.outbox.listParked())
      (isDuplicate(event) ? findings.duplicateEvents : findings.lostResults).push(
        `${sut.name}: ${event.key} is parked: ${event.reason}`,
      );
  } finally {
    database.close();
  }
}

/** Whether the registry refused the event because it has its record already: the event was sent again under a new key. */
function isDuplicate({ kind, reason }: ParkedRow): boolean {
  const [code] = reason.split(':');
  if (code === 'identity-retired') return kind === 'identity.retired';
  return code === 'run-known' || code === 'key-reused';
}

function checkStation(station: FinalState, findings: Findings): void {
  const { sut, counts, pending, unfinished, violations, auditBrokenAt, identities } = station;
  for (const report of station.dueReports ?? []) findings.reports.push(`${sut.name}: not written: ${report}`);
  for (const batch of station.openBatches ?? []) findings.closings.push(`${sut.name}: not closed: ${batch}`);
  if (pending > 0) findings.lostResults.push(`${sut.name}: ${pending} messages were not sent`);
  if (unfinished > 0) findings.lostResults.push(`${sut.name}: ${unfinished} runs never ended`);
  for (const state of ['burning', 'inDoubt', 'claimed', 'quarantined'] as const) {
    const count = counts[state];
    if (count === 0) continue;
    const names = identities
      .filter((one) => one.state.replace('in-doubt', 'inDoubt') === state)
      .map((one) => one.deviceName);
    findings.unsettled.push(`${sut.name}: ${count} triples are ${state}: ${names.join(', ')}`);
  }
  findings.violations.push(...violations.map((violation) => `${sut.name}: ${violation}`));
  if (auditBrokenAt !== null)
    findings.violations.push(`${sut.name}: the audit chain breaks at ${auditBrokenAt}`);
}

/** Every triple is in exactly one ledger or free at the registry. */
function checkTriples(
  finalStates: readonly FinalState[],
  registry: RegistryRecords,
  findings: Findings,
): void {
  const stores = finalStates.map(({ sut }) => ({
    sut,
    database: openStationDatabaseForReading(sut.dataDir),
  }));
  try {
    for (const { name, state, leasedTo, chipId } of registry.devices.values()) {
      const holders = stores.flatMap(({ sut, database }) => {
        const triple = database.triples.findByName(PRODUCT, name);
        return triple === null ? [] : [{ sut, triple }];
      });
      if (holders.length > 1)
        findings.duplicateIdentities.push(
          `${name} is in the ledgers of ${holders.map((h) => h.sut.name).join(' and ')}`,
        );
      const [holder] = holders;
      if (state === 'leased' && holder?.sut.name !== leasedTo)
        findings.orphanedTriples.push(`${name} is leased to ${leasedTo ?? '?'}, and in no ledger there`);
      if (state === 'bound' && holder === undefined)
        findings.orphanedTriples.push(`${name} is on ${chipId ?? '?'} at the registry, and in no ledger`);
      if (state === 'available' && holder !== undefined)
        findings.orphanedTriples.push(
          `${name} is free at the registry, and at ${holder.sut.name} ${holder.triple.state}`,
        );
      if (holder !== undefined && holder.triple.unitId === null && holder.triple.state !== 'available')
        findings.orphanedTriples.push(
          `${name} is ${holder.triple.state} at ${holder.sut.name}, without a unit`,
        );
    }
    for (const { sut, database } of stores)
      for (const lease of database.leases.listUnanswered())
        findings.orphanedTriples.push(`${sut.name}: nobody knows what became of lease ${lease.requestId}`);
  } finally {
    for (const { database } of stores) database.close();
  }
}

/** Each event of the registry made one record. */
function checkEvents({ events, runs, returns }: RegistryRecords, findings: Findings): void {
  const records = [...runs.values()].reduce((sum, count) => sum + count, 0);
  const runEvents = events.get('run.finished') ?? 0;
  if (runEvents !== records)
    findings.duplicateEvents.push(`${runEvents} events of runs made ${records} records`);
  const returnEvents = events.get('unit.returned') ?? 0;
  if (returnEvents !== returns)
    findings.duplicateEvents.push(`${returnEvents} events of returns made ${returns} records`);
}

function readRegistry(dir: string): RegistryRecords {
  const db = new Database(join(dir, 'registry.db'), { readonly: true });
  try {
    const devices = db
      .prepare<[], Device>(
        'SELECT device_name AS name, state, leased_to AS leasedTo, chip_id AS chipId FROM devices ORDER BY id',
      )
      .all();
    const runs = db
      .prepare<[], { runId: string; n: number }>(
        'SELECT run_id AS runId, count(*) AS n FROM runs GROUP BY run_id',
      )
      .all();
    const events = db
      .prepare<[], { kind: string; n: number }>('SELECT kind, count(*) AS n FROM events GROUP BY kind')
      .all();
    const returns = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM returns').get();
    return {
      devices: new Map(devices.map((device) => [device.name, device])),
      runs: new Map(runs.map(({ runId, n }) => [runId, n])),
      events: new Map(events.map(({ kind, n }) => [kind, n])),
      returns: returns?.n ?? 0,
    };
  } finally {
    db.close();
  }
}
