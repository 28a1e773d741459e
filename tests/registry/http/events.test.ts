import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deviceView, eventsReply, unitReply, type EventResult } from '#shared/registry-api/index.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type RegistrySetup,
  type LeasedTriple,
} from '../support/registry-fixture.ts';
import { chip, retireEvent, runEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
let pool: LeasedTriple[];
beforeEach(async () => {
  setup = await startRegistry({ count: 40 });
  pool = await lease(setup, 30);
});
afterEach(() => setup[Symbol.asyncDispose]());

function name(i: number): string {
  const triple = pool[i];
  if (triple === undefined) throw new Error('seed more triples');
  return triple.deviceName;
}

async function send(events: readonly unknown[], station = 'S1'): Promise<EventResult[]> {
  const { status, body } = await setup.post('/v1/events', { events }, station);
  expect(status).toBe(200);
  return eventsReply.parse(body).results;
}

async function device(deviceName: string) {
  return deviceView.parse((await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`)).body);
}

const codes = (results: EventResult[]) => results.map((result) => result.code ?? result.status);

describe('events', () => {
  it('are applied once though the same batch arrives five times at once', async () => {
    const batch = pool.map((triple, i) => runEvent(i + 1, triple.deviceName));
    const replies = await Promise.all([1, 2, 3, 4, 5].map(() => send(batch)));
    batch.forEach((event, i) => {
      const statuses = replies.map((results) => results[i]?.status).sort();
      expect(statuses, event.key).toEqual(['applied', 'repeated', 'repeated', 'repeated', 'repeated']);
    });
    for (const { deviceName } of pool) expect((await device(deviceName)).runs).toBe(1);
    await setup.restart();
    expect(new Set(codes(await send(batch)))).toEqual(new Set(['repeated']));
    expect((await device(name(0))).runs).toBe(1);
  });

  it('bind a device to its unit and keep the run', async () => {
    await send([
      runEvent(1, null, {
        runId: 'run-a',
        outcome: 'FAIL',
        firstFailure: {
          code: 'limit-exceeded',
          phase: 'test',
          step: 'voltage',
          message: '3.9 V is above 3.6 V',
        },
      }),
      runEvent(1, name(0), { runId: 'run-b', finishedAtMs: 1_700_000_020_000 }),
    ]);
    expect(await device(name(0))).toMatchObject({
      state: 'bound',
      chipId: chip(1),
      serialNumber: 'SN1',
      leasedTo: 'S1',
      connection: 'never-seen',
      runs: 1,
      lastOutcome: 'PASS',
    });
    const unit = unitReply.parse((await setup.get(`/v1/units/${chip(1)}`)).body);
    expect(unit.device?.deviceName).toBe(name(0));
    expect(unit.runs).toMatchObject([
      { runId: 'run-b', outcome: 'PASS', failureCode: null, proof: { readBack: 'bcc8', online: 'device' } },
      { runId: 'run-a', outcome: 'FAIL', failureCode: 'limit-exceeded', deviceName: null, proof: null },
    ]);
  });

  it('let a unit run again with its own identity, at another station too', async () => {
    expect(codes(await send([runEvent(1, name(0))]))).toEqual(['applied']);
    const again = runEvent(1, name(0), {
      runId: 'again',
      station: 'S2',
      outcome: 'FAIL',
      finishedAtMs: 1_800_000_000_000,
    });
    expect(codes(await send([again], 'S2'))).toEqual(['applied']);
    expect(await device(name(0))).toMatchObject({ runs: 2, lastOutcome: 'FAIL', chipId: chip(1) });
  });

  it('are refused one by one with a message, and do not block others', async () => {
    await send([runEvent(1, name(0)), retireEvent('r', name(9), null)]);
    const [foreign] = await lease(setup, 1, 'S2');
    const keyless = { ...runEvent(60, null), key: undefined };
    const results = await send([
      runEvent(2, name(0)),
      runEvent(1, name(1), { runId: 'second-identity' }),
      runEvent(3, 'nobody'),
      runEvent(4, name(9)),
      runEvent(5, foreign?.deviceName ?? ''),
      runEvent(6, name(2), { chipId: null }),
      { ...runEvent(7, null), kind: 'unit.teleported' },
      { ...runEvent(8, null), payload: { runId: 'x' } },
      runEvent(9, null, { chipId: 'aa:bb' }),
      'nonsense',
      keyless,
      { ...runEvent(1, name(0)), key: 'other-key' },
      runEvent(1, name(0), { operator: 'somebody else' }),
      runEvent(10, name(3)),
    ]);
    expect(codes(results)).toEqual([
      'identity-bound-elsewhere',
      'chip-holds-another',
      'identity-unknown',
      'identity-retired',
      'identity-leased-elsewhere',
      'chip-missing',
      'kind-unknown',
      'bad-input',
      'bad-input',
      'bad-input',
      'bad-input',
      'run-known',
      'key-reused',
      'applied',
    ]);
    expect(results[0]?.reason).toBe(`${PRODUCT}/${name(0)} belongs to unit ${chip(1)}, not to ${chip(2)}`);
    expect(results[1]?.reason).toContain(`already holds ${PRODUCT}/${name(0)}`);
    for (const result of results.slice(0, -1)) expect(result.reason).toMatch(/\w+ \w+/);
    // What was refused left no trace.
    expect(await device(name(0))).toMatchObject({ chipId: chip(1), runs: 1 });
    expect(await device(name(1))).toMatchObject({ state: 'leased', chipId: null, runs: 0 });
    expect((await setup.get(`/v1/units/${chip(3)}`)).status).toBe(404);
  });

  it('that were refused are checked again when sent again', async () => {
    await send([runEvent(1, name(0))]);
    const reissued = runEvent(1, name(1), { runId: 'reissue' });
    expect(codes(await send([reissued]))).toEqual(['chip-holds-another']);
    expect(codes(await send([retireEvent('r', name(0), chip(1)), reissued]))).toEqual(['applied', 'applied']);
    expect(codes(await send([reissued]))).toEqual(['repeated']);
    const unit = unitReply.parse((await setup.get(`/v1/units/${chip(1)}`)).body);
    expect(unit.device?.deviceName).toBe(name(1));
    expect(unit.retired.map((retired) => retired.deviceName)).toEqual([name(0)]);
  });

  it('retire an identity for good', async () => {
    await send([runEvent(1, name(0))]);
    expect(codes(await send([retireEvent('wrong-unit', name(0), chip(2))]))).toEqual([
      'identity-bound-elsewhere',
    ]);
    expect(
      codes(await send([retireEvent('r', name(0), chip(1)), retireEvent('r', name(0), chip(1))])),
    ).toEqual(['applied', 'repeated']);
    expect(
      codes(await send([retireEvent('r2', name(0), chip(1)), runEvent(2, name(0), { runId: 'reuse' })])),
    ).toEqual(['identity-retired', 'identity-retired']);
    expect(await device(name(0))).toMatchObject({ state: 'retired', chipId: chip(1), runs: 1 });
  });

  it('of two units racing for one identity, and of two identities racing for one unit, let one win', async () => {
    const raced = await Promise.all([1, 2, 3, 4].map((n) => send([runEvent(n, name(0))])));
    expect(codes(raced.flat()).sort()).toEqual([
      'applied',
      ...Array<string>(3).fill('identity-bound-elsewhere'),
    ]);
    const doubled = await Promise.all(
      [1, 2, 3].map((i) => send([runEvent(20, name(i), { runId: `twin-${i}` })])),
    );
    expect(codes(doubled.flat()).sort()).toEqual(['applied', 'chip-holds-another', 'chip-holds-another']);
  });

  it('come at most a thousand at a time', async () => {
    const events = Array.from({ length: 1001 }, (_, i) => runEvent(i + 1, null));
    expect(await setup.post('/v1/events', { events })).toMatchObject({
      status: 400,
      body: { code: 'bad-input' },
    });
    expect(await setup.post('/v1/events', { events: [] })).toMatchObject({ status: 400 });
    expect(new Set(codes(await send(events.slice(0, 1000))))).toEqual(new Set(['applied']));
  });
});
