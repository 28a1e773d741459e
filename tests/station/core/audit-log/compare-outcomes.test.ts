import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import {
  createNodePlatform,
  reachRegistry,
  type Station,
  verifyAll,
  type AuditReport,
  STATION_ITSELF,
} from '#station';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { databaseFile } from '../../../../station/core/database/index.ts';
import { createRunDigests } from '../../../../station/core/database/records/run-digest.ts';
import { invoke } from '../../../kit/in-process.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { TestRegistry } from '../../../kit/registry.ts';
import { addBatch, beginRun } from '../../../kit/sample-rows.ts';

const { signal } = new AbortController();
let registry: TestRegistry;
let setup: TestStation;
let data: string;
let name: string;
let stations = 0;

beforeAll(async () => {
  registry = await TestRegistry.start();
});
afterAll(() => registry[Symbol.asyncDispose]());

afterEach(() => setup[Symbol.asyncDispose]());

/** A station of three runs, of which the registry has heard. */
beforeEach(async () => {
  name = `S${++stations}`;
  setup = await startStation({ sharedRegistry: registry, registry: 'lossy', name });
  data = setup.dataDir;
  addBatch(setup.station.database);
  for (const n of [1, 2, 3]) end(setup.station, `${name}-run-${n}`, n === 2 ? 'FAIL' : 'PASS');
  await setup.station.sync.drain(signal);
});

function end({ database }: Station, runId: string, outcome: 'PASS' | 'FAIL'): void {
  database.transaction(() => beginRun(database, runId, `SN-${runId}`, name));
  const failure = {
    code: 'limit-exceeded',
    phase: 'p',
    step: 's',
    message: 'm',
    hint: null,
    details: {},
  } as const;
  finishRun(database, runId, 5, outcome, outcome === 'PASS' ? null : failure);
}

const verify = (): Promise<AuditReport> =>
  verifyAll(data, (database) => reachRegistry(database, createNodePlatform(data)), signal);

async function discrepancies(): Promise<string[]> {
  const { registryComparison } = await verify();
  return (registryComparison.outcomes?.discrepancies ?? []).map(
    ({ runId, what, here, there }) => `${runId.slice(name.length + 1)} ${what} ${here} ${there}`,
  );
}

/** In the station's database or the registry's, with no trigger in the way. */
function edit(file: string, work: (db: Database.Database) => void): void {
  const db = new Database(file);
  db.pragma('foreign_keys = OFF');
  const triggers = db
    .prepare<[], { name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
    .all();
  for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger.name}`);
  work(db);
  for (const trigger of triggers) db.exec(trigger.sql);
  db.close();
}

describe('comparing with the registry: runs', () => {
  it('agrees with an unedited running station, and has its newest head', async () => {
    const { records, registryComparison } = await verify();
    expect(records).toMatchObject({ tamperedCount: 0, brokenParts: [] });
    expect(registryComparison).toMatchObject({
      registry: 'agrees',
      outcomes: { runs: 3, count: 0, leftBehind: 0 },
    });
    // The head that it keeps stands for every record up to the last sync.
    expect(registryComparison.seenUpTo).toBe(setup.station.database.audit.findLast()?.seq);
    expect(records.notYetCovered).toBe(0);
    const head = setup.station.database.audit.findLast();
    await setup.station.sync.drain(signal);
    expect(setup.station.database.audit.findLast()).toEqual(head);
  });

  it('names a run that was deleted, one that passed afterwards, and one that was never told', async () => {
    const gone = `${name}-run-1`;
    edit(databaseFile(data), (db) => {
      db.prepare('DELETE FROM run WHERE run_id = ?').run(gone);
      db.prepare('DELETE FROM outbox WHERE key = ?').run(`run:${gone}`);
      db.prepare("UPDATE run SET outcome = 'PASS' WHERE run_id = ?").run(`${name}-run-2`);
      db.prepare("UPDATE run SET serial_number = 'SN-other' WHERE run_id = ?").run(`${name}-run-3`);
    });
    end(setup.station, `${name}-run-4`, 'FAIL');
    edit(databaseFile(data), (db) =>
      db.exec("UPDATE outbox SET state = 'sent', settled_at = 9999999999999 WHERE state = 'pending'"),
    );
    expect(await discrepancies()).toEqual([
      'run-2 outcome PASS FAIL',
      `run-3 serial-number SN-other SN-${name}-run-3`,
      'run-4 missing-there FAIL null',
      'run-1 missing-here null PASS',
    ]);
    const told = await invoke('audit', 'verify', '--data', data, '--json');
    expect(told.status).toBe(4);
    expect(told.events).toContainEqual({
      event: 'audit.finding',
      kind: 'registry',
      subject: `run ${gone}`,
      what: 'missing-here',
    });
    expect((await invoke('audit', 'verify', '--data', data)).stdout).toContain(
      `MISSING: the registry has run ${gone}`,
    );
  });

  it('reports no runs that a restore has accepted as lost, until one more is missing', async () => {
    const { database } = setup.station;
    const by = { user: 'Li', role: 'engineer' } as const;
    database.transaction(() =>
      createAuditTrail(database, createNodePlatform(data).clock).record(by, 'station.restore', 'f', {
        runsLost: 1,
      }),
    );
    const remove = (n: number): void =>
      edit(databaseFile(data), (db) =>
        db.prepare('DELETE FROM run WHERE run_id = ?').run(`${name}-run-${n}`),
      );
    remove(1);
    expect(await discrepancies()).toEqual([]);
    expect((await verify()).registryComparison.outcomes).toMatchObject({ runs: 3, count: 0, lost: 1 });
    remove(2);
    expect(await discrepancies()).toEqual(['run-1 missing-here null PASS', 'run-2 missing-here null FAIL']);
  });

  it('shows a record that was changed together with its digest', async () => {
    const runId = `${name}-run-2`;
    edit(databaseFile(data), (db) => {
      db.prepare("UPDATE run SET operator = 'Eve' WHERE run_id = ?").run(runId);
      const digest = createRunDigests(db).digest(runId);
      db.prepare("UPDATE record_journal SET digest = ? WHERE tbl = 'run' AND key = ?").run(digest, runId);
    });
    const { records } = await verify();
    expect(records.tamperedCount).toBe(0);
    expect(records.brokenParts).toHaveLength(1);
    expect((await invoke('audit', 'verify', '--data', data)).status).toBe(4);
  });

  it('does not ask a registry for what another one was told', async () => {
    setup.station.settings.configure(
      {
        station: `${name}-renamed`,
        registry: { url: setup.proxy.url, token: registry.service.enrolmentToken },
      },
      STATION_ITSELF,
    );
    expect(await discrepancies()).toEqual([]);
  });

  it('returns a station its own runs only, page by page', async () => {
    const client = setup.station.registry();
    const first = await client?.stationRuns('', signal);
    expect(first?.runs.map(({ runId }) => runId)).toEqual([1, 2, 3].map((n) => `${name}-run-${n}`));
    expect(first?.more).toBe(false);
    const rest = await client?.stationRuns(`${name}-run-2`, signal);
    expect(rest?.runs).toEqual([
      {
        runId: `${name}-run-3`,
        outcome: 'PASS',
        serialNumber: `SN-${name}-run-3`,
        chipId: null,
        productId: null,
        deviceName: null,
      },
    ]);
  });
});
