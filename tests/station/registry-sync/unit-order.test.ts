import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Station } from '#station';
import { unsentMessages, STATION_ITSELF } from '#station';
import { finishRun } from '../../../station/execution/executor/finish-run.ts';
import { faultOf } from '../../support/fault-of.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { chipOf } from '../../kit/triples.ts';
import { addBatch, beginRun, PRODUCT, SECRET } from '../../kit/sample-rows.ts';
import { soon } from '../../support/patience.ts';

let setup: TestStation;
beforeEach(async () => {
  setup = await startStation({ registry: 'lossy', triples: 20, lease: 0 });
  addBatch(setup.station.database);
  await setup.station.pool.lease(PRODUCT, 10, STATION_ITSELF, soon());
});
afterEach(() => setup[Symbol.asyncDispose]());

const BY = { user: 'Li', role: 'engineer' } as const;
const drain = () => setup.station.sync.drain(soon());
const parked = () =>
  setup.station.database.outbox.listParked().map(({ key, reason }) => [key, reason.split(':')[0]]);

/** Unit `n` gets `deviceName` in a run that passes. The registry need not know the name. */
function burn({ database }: Station, n: number, deviceName: string): void {
  const runId = `run-${n}-${deviceName}`;
  const because = { at: n, runId, note: '' };
  beginRun(database, runId, `SN${n}`, 'S1');
  database.transaction(() => {
    const sealed = Buffer.from(SECRET);
    database.triples.add({ productId: PRODUCT, deviceName, sealed, source: 'test', lease: null }, 1);
    const free = database.triples.findByName(PRODUCT, deviceName);
    if (free === null) throw new Error(`${deviceName} is not there`);
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    const claimed = database.triples.applyEvent(free, 'claim', because, unitId);
    database.triples.applyEvent(database.triples.applyEvent(claimed, 'intend', because), 'confirm', because);
    database.runs.setUnit(runId, unitId);
    database.runs.setTriple(runId, free.tripleId);
  });
  finishRun(database, runId, n + 1, 'PASS', null);
}

function add(key: string, orderKey: string, kind: string, payload: unknown): void {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const { database } = setup.station;
  database.transaction(() => database.outbox.add({ key, orderKey, kind, payload: text, createdAtMs: 1 }));
}

/** The returns desk's two messages: the old identity is retired, the unit leaves with another. */
function reissue(n: number, old: string, fresh: string): void {
  const why = { reason: 'board changed', approver: 'Wang' };
  add(`retire:${n}`, chipOf(n), 'identity.retired', {
    productId: PRODUCT,
    deviceName: old,
    chipId: chipOf(n),
    ...why,
  });
  add(`return:${n}`, chipOf(n), 'unit.returned', {
    returnId: `${n}`,
    station: 'S1',
    chipId: chipOf(n),
    serialNumber: `SN${n}`,
    action: 'reissue',
    ...why,
    person: 'Li',
    identity: {
      productId: PRODUCT,
      deviceName: fresh,
      state: 'burned',
      proof: { readBack: 'bcc8', online: 'none' },
    },
  });
}

async function stateAtRegistry(deviceName: string): Promise<string | null> {
  return (await setup.station.registry()?.device(PRODUCT, deviceName, soon()))?.state ?? null;
}

describe('a lane of the outbox', () => {
  it('stands still behind what was refused, and no other does', async () => {
    const file = join(setup.dir, 'stranger.csv');
    writeFileSync(file, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},stranger,${SECRET}\n`);
    await setup.station.pool.importCsv(file, {}, STATION_ITSELF, soon());
    burn(setup.station, 1, 'stranger');
    reissue(1, 'stranger', 'dev2');
    burn(setup.station, 2, 'dev3');
    expect(await drain()).toMatchObject({ sent: 1, parked: 1, pending: 2, waiting: 2, connection: 'online' });
    expect(parked()).toEqual([['run:run-1-stranger', 'identity-unknown']]);
    // Overtaken, the unit's new identity would have been bound first and its history could never be told.
    expect(await stateAtRegistry('dev2')).toBe('leased');
    expect(await drain()).toMatchObject({ sent: 1, parked: 1, pending: 2 });

    setup.registry.store.seedProduct({
      productId: PRODUCT,
      triples: [{ deviceName: 'stranger', deviceSecret: SECRET }],
    });
    setup.station.sync.retry('run:run-1-stranger', BY);
    expect(await drain()).toMatchObject({ sent: 4, parked: 0, pending: 0, waiting: 0 });
    expect(await stateAtRegistry('stranger')).toBe('retired');
    expect(await stateAtRegistry('dev2')).toBe('bound');
    expect(setup.station.database.findViolations()).toEqual([]);
  });

  it('keeps its order in blocks of messages that go together', async () => {
    // Ten messages of one unit, the third refused: what came before is taken, nothing after it.
    for (let n = 0; n < 10; n++)
      add(`m${n}`, 'A', 'run.finished', n === 3 ? { runId: 'bad' } : run(`order-${n}`));
    expect(await drain()).toMatchObject({ sent: 3, parked: 1, pending: 6, waiting: 6 });
    expect(parked()).toEqual([['m3', 'bad-input']]);
  });

  it('goes on when a person sets the refused message aside, with a reason and an approver, for the record', async () => {
    burn(setup.station, 1, 'stranger');
    add('later', chipOf(1), 'run.finished', run('later'));
    await drain();
    const { sync, database } = setup.station;
    const key = 'run:run-1-stranger';
    expect(
      await faultOf(() => sync.setAside(key, { reason: ' ', approver: 'Wang' }, BY, soon())),
    ).toMatchObject({
      code: 'bad-input',
    });
    expect(
      await faultOf(() => sync.setAside('later', { reason: 'r', approver: 'a' }, BY, soon())),
    ).toMatchObject({
      code: 'not-found',
    });
    await sync.setAside(key, { reason: 'a sample of the lab', approver: 'Wang' }, BY, soon());
    expect(await drain()).toMatchObject({ sent: 1, parked: 0, setAside: 1, pending: 0, waiting: 0 });
    expect(database.outbox.listParked()).toMatchObject([{ key, setAside: 'a sample of the lab (Wang)' }]);
    const [noted] = [...database.audit.iterate()].filter(({ action }) => action === 'outbox.set-aside');
    expect(noted).toMatchObject({ subject: key });
    // The decision is not undone by the act that sends any parked message again.
    expect(await faultOf(() => sync.retry(key, BY))).toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('a sample of the lab (Wang)') as string,
    });
    expect(database.outbox.listParked()).toMatchObject([{ key, setAside: 'a sample of the lab (Wang)' }]);
    // It is not gone: it can still be sent, and the trail has who undid the decision.
    expect(await faultOf(() => sync.retrySetAside('later', BY))).toMatchObject({ code: 'not-found' });
    sync.retrySetAside(key, BY);
    expect(await drain()).toMatchObject({ parked: 1, setAside: 0, pending: 0 });
    expect(database.outbox.listParked()).toMatchObject([{ key, setAside: null }]);
    const undone = [...database.audit.iterate()].filter(({ action }) => action === 'outbox.retry-set-aside');
    expect(undone).toMatchObject([
      { subject: key, actor: 'Li', details: JSON.stringify({ setAside: 'a sample of the lab (Wang)' }) },
    ]);
  });
});

describe('all parked messages', () => {
  it('return to the queue together, except those that a person has set aside', async () => {
    for (const key of ['a', 'b', 'c']) add(key, key, 'run.finished', { runId: 'bad' });
    expect(await drain()).toMatchObject({ parked: 3, pending: 0 });
    const { sync, database } = setup.station;
    await sync.setAside('b', { reason: 'a test message', approver: 'Wang' }, BY, soon());
    sync.retryAll(BY);
    const unsettled = database.outbox.listUnsent(0, 10).map(({ key, state }) => [key, state]);
    expect(unsettled).toEqual([
      ['a', 'pending'],
      ['b', 'parked'],
      ['c', 'pending'],
    ]);
    // The registry refuses them again, each for its own reason: nothing got lost on the way.
    expect(await drain()).toMatchObject({ parked: 2, setAside: 1, pending: 0 });
    expect(database.outbox.listParked()).toMatchObject([
      { key: 'a', setAside: null },
      { key: 'b', setAside: expect.stringContaining('a test message') as string },
      { key: 'c', setAside: null },
    ]);
  });
});

describe('what a registry has forgotten', () => {
  it('is told again when somebody says so, with a reason, and counts once where it is known', async () => {
    burn(setup.station, 1, 'dev1');
    add('only-run', 'A', 'run.finished', run('only-run'));
    expect(await drain()).toMatchObject({ sent: 2, pending: 0 });
    const { sync, database } = setup.station;
    const why = { reason: 'its disk was lost', approver: 'Wang' };
    expect(await faultOf(() => sync.resend(0, { ...why, approver: ' ' }, BY, soon()))).toMatchObject({
      code: 'bad-input',
    });
    expect(await sync.resend(Date.now() + 60_000, why, BY, soon())).toMatchObject({ pending: 0, sent: 2 });
    await sync.resend(0, why, BY, soon());
    expect(await drain()).toMatchObject({ sent: 2, pending: 0, parked: 0 });
    const seen = setup.proxy.seen.filter(({ path }) => path === '/v1/events');
    expect(seen.map(({ events }) => events)).toEqual([2, 2]);
    const unit = await setup.station.registry()?.unit(chipOf(1), soon());
    expect(unit?.runs).toHaveLength(1);
    const notes = [...database.audit.iterate()].filter(({ action }) => action === 'outbox.resend');
    expect(notes.map(({ details }) => (JSON.parse(details) as { messages: number }).messages)).toEqual([
      0, 2,
    ]);
  });
});

describe('a message that cannot be sent', () => {
  it('is parked with its reason and blocks nobody', async () => {
    const long = 'x'.repeat(5 * 1024 * 1024);
    add('no-json', 'A', 'run.finished', '{"runId":');
    add('k'.repeat(300), 'B', 'run.finished', run('b'));
    add('no-lane', '', 'run.finished', run('c'));
    add('huge', 'D', 'run.finished', { ...run('d'), batchName: long });
    add('no-kind', 'E', 'unit.teleported', {});
    add('wrong', 'F', 'run.finished', { runId: 1 });
    add('null', 'G', 'run.finished', 'null');
    for (let n = 0; n < 5; n++) add(`good-${n}`, `H${n}`, 'run.finished', run(`good-${n}`));
    expect(await drain()).toMatchObject({ sent: 5, parked: 7, pending: 0, connection: 'online' });
    expect(parked().map(([, code]) => code)).toEqual([
      'bad-input',
      'bad-input',
      'bad-input',
      'too-large',
      'kind-unknown',
      'bad-input',
      'bad-input',
    ]);
  });

  it('is not made of those whose whole request was refused: that is the state of the station, in words', async () => {
    burn(setup.station, 1, 'dev1');
    const { settings, sync } = setup.station;
    settings.configure({ registry: { url: setup.proxy.url, token: 'not-the-token' } }, STATION_ITSELF);
    expect(await faultOf(drain)).toMatchObject({ code: 'registry-refused' });
    expect(sync.state()).toMatchObject({
      connection: 'unknown',
      pending: 1,
      parked: 0,
      lastFault: { code: 'registry-refused', message: expect.stringContaining('token is missing or wrong') },
    });
    settings.configure(
      { registry: { url: setup.proxy.url, token: setup.registry.service.enrolmentToken } },
      STATION_ITSELF,
    );
    expect(await drain()).toMatchObject({ connection: 'online', sent: 1, pending: 0, lastFault: null });
  });
});

describe('what is not sent yet', () => {
  it('can be taken along, whole and without a secret', async () => {
    burn(setup.station, 1, 'stranger');
    await drain();
    add('behind', chipOf(1), 'run.finished', run('behind'));
    add('torn', 'A', 'run.finished', '{"runId":');
    const { database } = setup.station;
    const messages = [...unsentMessages(database)];
    expect(messages.map(({ key, state, attempts }) => [key, state, attempts])).toEqual([
      ['run:run-1-stranger', 'parked', 1],
      ['behind', 'pending', 0],
      ['torn', 'pending', 0],
    ]);
    expect(messages[0]).toMatchObject({
      lane: chipOf(1),
      kind: 'run.finished',
      reason: expect.stringMatching(/^identity-unknown: /),
      payload: { runId: 'run-1-stranger', identity: { deviceName: 'stranger' } },
    });
    expect(messages[2]?.payload).toBe('{"runId":');
    expect(JSON.stringify(messages)).not.toContain(SECRET);
  });
});

/** A run that burned nothing, as the registry takes it. */
function run(runId: string) {
  return {
    runId,
    station: 'S1',
    batchId: 'B',
    batchName: 'b',
    recipeHash: 'h',
    appVersion: '0',
    operator: 'Li',
    serialNumber: null,
    chipId: null,
    outcome: 'FAIL',
    startedAtMs: 1,
    finishedAtMs: 2,
    firstFailure: null,
    identity: null,
  };
}
