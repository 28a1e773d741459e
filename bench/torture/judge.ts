import { join } from 'node:path';
import Database from 'better-sqlite3';
import { normalizeChipId } from '#shared/domain/triple.ts';
import { openStationDatabaseForReading } from '#station';
import { databaseFile } from '../../station/core/database/index.ts';
import type { Lane } from './station-under-test.ts';
import { PRODUCT } from './recipe.ts';
import { readFlash } from './unit-flash.ts';

/** What a station said of itself when it had sent all. */
export interface Settled {
  readonly lane: Lane;
  readonly pending: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
  readonly auditBrokenAt: number | null;
  readonly unfinished: number;
  readonly identities: readonly {
    readonly chipId: string;
    readonly productId: string;
    readonly deviceName: string;
    readonly state: string;
    readonly secretSha256: string;
  }[];
}

/** One sentence per offence, by kind. */
export interface Findings {
  readonly duplicateIdentities: string[];
  readonly lostResults: string[];
  readonly duplicateEvents: string[];
  readonly orphanedTriples: string[];
  readonly unsettled: string[];
  readonly violations: string[];
}

export function noFindings(): Findings {
  return {
    duplicateIdentities: [],
    lostResults: [],
    duplicateEvents: [],
    orphanedTriples: [],
    unsettled: [],
    violations: [],
  };
}

interface Device {
  readonly name: string;
  readonly state: string;
  readonly leasedTo: string | null;
  readonly chipId: string | null;
}

/** The registry's database as it lies on the disk, read without any code of the registry. */
interface RegistryTruth {
  readonly devices: ReadonlyMap<string, Device>;
  /** Run id to the number of records of it. */
  readonly runs: ReadonlyMap<string, number>;
  readonly returns: number;
  readonly events: ReadonlyMap<string, number>;
}

/** States in which the ledger says that the device holds it. */
const HELD: ReadonlySet<string> = new Set(['burned', 'registered']);

/** Compares what the devices hold, what the ledgers say and what the registry has. All processes have ended. */
export function judge(settled: readonly Settled[], registryDir: string, findings: Findings): void {
  const registry = readRegistry(registryDir);
  judgeDuplicates(settled, registry, findings);
  for (const station of settled) {
    judgeUnits(station, registry, findings);
    judgeRuns(station, registry, findings);
    judgeStation(station, findings);
  }
  judgeTriples(settled, registry, findings);
  judgeEvents(registry, findings);
}

/** One name and one secret on one unit: over all flash files, ledgers and bindings at once. */
function judgeDuplicates(settled: readonly Settled[], registry: RegistryTruth, findings: Findings): void {
  const owners = new Map<string, Set<string>>();
  const own = (what: string, chipId: string): void => {
    const known = owners.get(what) ?? new Set();
    owners.set(what, known.add(chipId));
  };
  for (const { lane, identities } of settled) {
    for (const unit of lane.units) {
      const identity = readFlash(lane, unit)?.identity ?? null;
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

/** What a unit holds, what its station says it holds, and what the registry was told. */
function judgeUnits({ lane, identities }: Settled, registry: RegistryTruth, findings: Findings): void {
  for (const unit of lane.units) {
    const flash = readFlash(lane, unit)?.identity ?? null;
    const chipId = normalizeChipId(unit.mac) ?? '';
    const who = `${lane.name}, unit ${unit.serialNumber} (${unit.mac})`;
    const ledger = identities.find((one) => one.chipId === chipId && HELD.has(one.state)) ?? null;
    if (flash !== null && flash.deviceName !== ledger?.deviceName)
      findings.lostResults.push(
        `${who}: holds ${flash.deviceName}, the ledger says ${ledger?.deviceName ?? 'nothing'}`,
      );
    if (flash === null && ledger !== null)
      findings.lostResults.push(`${who}: holds nothing, the ledger says ${ledger.deviceName}`);
    if (flash === null || ledger === null || flash.deviceName !== ledger.deviceName) continue;
    // The checksum that a module gives back sees eight bits; a record that says that no login proved the rest is honest.
    if (flash.secretSha256 !== ledger.secretSha256 && proven(lane, unit.serialNumber, chipId))
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

/** Whether the latest record of what was written into the unit, by a run or at the returns desk, says that a login proved it. */
function proven(lane: Lane, serialNumber: string, chipId: string): boolean {
  const database = openStationDatabaseForReading(lane.dataDir);
  using books = new DisposableStack();
  books.defer(() => database.close());
  const passed = database.runs.listOfSerialNumber(serialNumber).findLast((run) => run.outcome === 'PASS');
  const outbox = new Database(databaseFile(lane.dataDir), { readonly: true });
  books.defer(() => outbox.close());
  const returned = outbox
    .prepare<[string], { at: number; online: string | null }>(
      `SELECT created_at AS at, payload ->> '$.identity.proof.online' AS online FROM outbox
       WHERE kind = 'unit.returned' AND lane = ? ORDER BY seq DESC LIMIT 1`,
    )
    .get(chipId);
  if (returned !== undefined && returned.at > (passed?.finishedAt ?? 0)) return returned.online === 'device';
  return passed?.proof?.online !== 'none';
}

/** Every run that was recorded, and every one that was announced, is at the registry, once. */
function judgeRuns({ lane }: Settled, registry: RegistryTruth, findings: Findings): void {
  const database = openStationDatabaseForReading(lane.dataDir);
  try {
    const recorded = new Map(
      database.runs.listOfBatch(lane.batchId(), 1_000_000).map((run) => [run.runId, run.outcome]),
    );
    for (const [runId, outcome] of lane.announced) {
      if (recorded.get(runId) !== outcome)
        findings.lostResults.push(
          `${lane.name}: run ${runId} was announced ${outcome} and is recorded ${recorded.get(runId) ?? 'nowhere'}`,
        );
    }
    for (const [runId, outcome] of recorded) {
      const known = registry.runs.get(runId) ?? 0;
      if (known === 0)
        findings.lostResults.push(`${lane.name}: run ${runId} (${outcome ?? 'open'}) is not at the registry`);
      if (known > 1)
        findings.duplicateEvents.push(`${lane.name}: run ${runId} is ${known} times at the registry`);
    }
    for (const { key, reason } of database.outbox.listParked()) {
      // What it tells is known there already: it was sent again as something new, and only the last guard stopped it.
      const again = /^(?:run-known|key-reused|identity-retired|unstorable)/.test(reason);
      (again ? findings.duplicateEvents : findings.lostResults).push(
        `${lane.name}: ${key} is parked: ${reason}`,
      );
    }
  } finally {
    database.close();
  }
}

function judgeStation(station: Settled, findings: Findings): void {
  const { lane, counts, pending, unfinished, violations, auditBrokenAt, identities } = station;
  if (pending > 0) findings.lostResults.push(`${lane.name}: ${pending} messages were not sent`);
  if (unfinished > 0) findings.lostResults.push(`${lane.name}: ${unfinished} runs never ended`);
  for (const state of ['burning', 'inDoubt', 'claimed', 'quarantined'] as const) {
    const count = counts[state] ?? 0;
    if (count === 0) continue;
    const names = identities
      .filter((one) => one.state.replace('in-doubt', 'inDoubt') === state)
      .map((one) => one.deviceName);
    findings.unsettled.push(`${lane.name}: ${count} triples are ${state}: ${names.join(', ')}`);
  }
  findings.violations.push(...violations.map((offence) => `${lane.name}: ${offence}`));
  if (auditBrokenAt !== null)
    findings.violations.push(`${lane.name}: the audit chain breaks at ${auditBrokenAt}`);
}

/** Every triple is somewhere, and in one place. */
function judgeTriples(settled: readonly Settled[], registry: RegistryTruth, findings: Findings): void {
  const stores = settled.map(({ lane }) => ({ lane, database: openStationDatabaseForReading(lane.dataDir) }));
  try {
    for (const { name, state, leasedTo, chipId } of registry.devices.values()) {
      const holders = stores.flatMap(({ lane, database }) => {
        const triple = database.triples.findByName(PRODUCT, name);
        return triple === null ? [] : [{ lane, triple }];
      });
      if (holders.length > 1)
        findings.duplicateIdentities.push(
          `${name} is in the ledgers of ${holders.map((h) => h.lane.name).join(' and ')}`,
        );
      const [holder] = holders;
      if (state === 'leased' && holder?.lane.name !== leasedTo)
        findings.orphanedTriples.push(`${name} is leased to ${leasedTo ?? '?'}, and in no ledger there`);
      if (state === 'bound' && holder === undefined)
        findings.orphanedTriples.push(`${name} is on ${chipId ?? '?'} at the registry, and in no ledger`);
      if (state === 'available' && holder !== undefined)
        findings.orphanedTriples.push(
          `${name} is free at the registry, and at ${holder.lane.name} ${holder.triple.state}`,
        );
      if (holder !== undefined && holder.triple.unitId === null && holder.triple.state !== 'available')
        findings.orphanedTriples.push(
          `${name} is ${holder.triple.state} at ${holder.lane.name}, without a unit`,
        );
    }
    for (const { lane, database } of stores)
      for (const lease of database.leases.listUnanswered())
        findings.orphanedTriples.push(`${lane.name}: nobody knows what became of lease ${lease.requestId}`);
  } finally {
    for (const { database } of stores) database.close();
  }
}

/** Each event of the registry has had one effect. */
function judgeEvents({ events, runs, returns }: RegistryTruth, findings: Findings): void {
  const records = [...runs.values()].reduce((sum, count) => sum + count, 0);
  const told = events.get('run.finished') ?? 0;
  if (told !== records) findings.duplicateEvents.push(`${told} events of runs made ${records} records`);
  const brought = events.get('unit.returned') ?? 0;
  if (brought !== returns)
    findings.duplicateEvents.push(`${brought} events of returns made ${returns} records`);
}

function readRegistry(dir: string): RegistryTruth {
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
