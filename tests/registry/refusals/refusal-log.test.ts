import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RefusalLog, type Refusal } from '../../../registry/refusal-log.ts';
import { openStore, type Store } from '../../../registry/store/index.ts';
import { logTap } from '../support/registry-fixture.ts';
import { tempDir } from '../../support/temp-dir.ts';

const START_MS = 1_790_000_000_000;
const ALL: Parameters<Store['refusals']['list']>[0] = { deviceId: null, station: null, sinceMs: 0 };
const STRANGER: Refusal = {
  clientId: 'GWDEMO0001nobody',
  deviceId: null,
  address: '10.0.0.9',
  act: 'login',
  reason: 'device-unknown',
};

function traced() {
  const dir = tempDir();
  const store = openStore(join(dir.path, 'registry.sqlite'));
  store.products.upsert('P1', 'P1', START_MS);
  for (const name of ['a', 'b', 'c']) store.devices.insert('P1', name, new Uint8Array(32), START_MS);
  const tap = logTap();
  const clock = { nowMs: START_MS };
  const refusals = new RefusalLog(store, () => clock.nowMs, tap.log);
  return {
    store,
    tap,
    clock,
    refusals,
    idOf: (name: string) => store.devices.facts('P1', name)?.id ?? null,
    rows: (of: Partial<typeof ALL> = {}) => listed(store, of),
    [Symbol.dispose]() {
      refusals.close();
      store.close();
      dir[Symbol.dispose]();
    },
  };
}

function listed(store: Store, of: object) {
  return store.refusals.list({ ...ALL, ...of }, 1000);
}

describe('the record of refusals', () => {
  it('reports the first at once, and repetitions as one number', () => {
    using setup = traced();
    for (let n = 0; n < 300; n++) {
      setup.clock.nowMs += 100;
      setup.refusals.record(STRANGER);
    }
    expect(setup.tap.entries.map(({ details }) => details['count'])).toEqual([1]);
    setup.refusals.flush();
    expect(setup.tap.entries.map(({ details }) => details['count'])).toEqual([1, 299]);
    const { refusals, refused } = setup.rows();
    expect(refusals).toMatchObject([
      {
        clientId: 'GWDEMO0001nobody',
        productId: null,
        act: 'login',
        reason: 'device-unknown',
        count: 300,
        firstAtMs: START_MS + 100,
        lastAtMs: START_MS + 30_000,
      },
    ]);
    expect(refused).toBe(300);
  });

  it('begins a new entry when the same happens again after a while', () => {
    using setup = traced();
    setup.refusals.record(STRANGER);
    setup.clock.nowMs += 11 * 60_000;
    setup.refusals.record(STRANGER);
    setup.clock.nowMs += 9 * 60_000;
    setup.refusals.record(STRANGER);
    setup.refusals.flush();
    expect(setup.rows().refusals.map(({ count }) => count)).toEqual([2, 1]);
  });

  it('fills neither the output nor the disk in a flood, counts all of it, and keeps refusals of known devices', () => {
    using setup = traced();
    setup.refusals.record({ ...STRANGER, clientId: 'P1a', deviceId: setup.idOf('a'), reason: 'expired' });
    let noted = 1;
    for (let minute = 0; minute < 60; minute++) {
      for (let n = 0; n < 500; n++, noted++)
        setup.refusals.record({
          ...STRANGER,
          clientId: `x${minute}-${n}`,
          address: `10.0.${minute}.${n % 200}`,
        });
      setup.clock.nowMs += 60_000;
      setup.refusals.flush();
    }
    // A hundred lines and one number for each flush.
    expect(setup.tap.entries.length).toBeLessThanOrEqual(60 * 101 + 1);
    const told = setup.tap.entries.reduce((sum, { details }) => sum + Number(details['count']), 0);
    expect(told).toBe(noted);
    const { refusals, refused } = setup.rows();
    expect(refusals.length).toBeLessThanOrEqual(501);
    expect(refused).toBeGreaterThan(noted - 60 * 100);
    expect(setup.rows({ deviceId: setup.idOf('a') })).toMatchObject({
      refusals: [{ reason: 'expired' }],
      refused: 1,
    });
  });

  it('reports and keeps refusals of a known device in the middle of a flood', () => {
    using setup = traced();
    for (let n = 0; n < 500; n++) setup.refusals.record({ ...STRANGER, clientId: `x${n}` });
    setup.refusals.record({ ...STRANGER, clientId: 'P1a', deviceId: setup.idOf('a'), reason: 'expired' });
    expect(setup.tap.entries.at(-1)?.details).toMatchObject({ clientId: 'P1a', reason: 'expired' });
    expect(setup.rows({ deviceId: setup.idOf('a') }).refused).toBe(1);
  });

  it('reports dozens of different refusals one by one', () => {
    using setup = traced();
    for (let n = 0; n < 60; n++) setup.refusals.record({ ...STRANGER, clientId: `GWDEMO0001x${n}` });
    expect(setup.tap.entries.map(({ details }) => details['clientId'])).toHaveLength(60);
  });

  it('separates the requests of a client, and counts each in its own entry', () => {
    using setup = traced();
    const publish = { ...STRANGER, act: 'publish', reason: 'topic-foreign' } as const;
    for (let n = 0; n < 30; n++) setup.refusals.record({ ...publish, detail: `a/${n % 15}` });
    const told = () => setup.tap.entries.map(({ details }) => [details['detail'], details['count']]);
    expect(told()).toEqual([...Array.from({ length: 8 }, (_, n) => [`a/${n}`, 1]), ['', 1]]);
    setup.refusals.flush();
    expect(told().slice(9)).toEqual([...Array.from({ length: 8 }, (_, n) => [`a/${n}`, 1]), ['', 13]]);
    const { refusals, refused } = setup.rows();
    expect(refused).toBe(30);
    expect(new Map(refusals.map(({ detail, count }) => [detail, count])).get('a/7')).toBe(2);
    expect(new Map(refusals.map(({ detail, count }) => [detail, count])).get('')).toBe(14);
  });

  it('keeps only the newest entries of a device, without line breaks and control characters', () => {
    using setup = traced();
    const deviceId = setup.idOf('b');
    for (let n = 0; n < 120; n++) {
      setup.refusals.record({
        ...STRANGER,
        clientId: 'P1b',
        deviceId,
        address: `10.0.0.${n}`,
        detail: `${n}\n\u202e锁`,
      });
      setup.refusals.flush();
    }
    const { refusals } = setup.rows({ deviceId });
    expect(refusals).toHaveLength(50);
    expect(refusals[0]).toMatchObject({ deviceName: 'b', address: '10.0.0.119', detail: '119???' });
  });

  it('masks a secret in place of a client id or a topic, and shows the name of a known device', () => {
    using setup = traced();
    const [base64, hex] = ['IyXmUW5sU/q1vnb5yzTkeQ==', '0123456789abcdef0123456789ABCDEF'];
    for (const clientId of [base64, `P1a${base64}`, hex, `P1a-${hex}`, `${base64};${hex}`])
      setup.refusals.record({ ...STRANGER, clientId, detail: `${clientId}/$thing/${hex}/x` });
    setup.refusals.record({ ...STRANGER, clientId: `x${'y'.repeat(105)}${base64}` });
    const token = 'v3_00d02b0248546d5a5fbf95a5812e4';
    for (const detail of [token, `$thing/up/service/P1/a/${token}`])
      setup.refusals.record({ ...STRANGER, clientId: 'P1a', deviceId: setup.idOf('a'), detail });
    const deviceId = setup.idOf('a');
    setup.refusals.record({ ...STRANGER, clientId: `P1${hex}`, deviceId, detail: `$thing/${hex}/x` });
    setup.refusals.flush();
    const all = JSON.stringify([setup.tap.entries, setup.rows()]);
    for (const part of [base64, base64.slice(-14, -2), base64.slice(3, 9), token.slice(6, -4)])
      expect(all).not.toContain(part);
    const known = setup.rows().refusals.find(({ clientId }) => clientId === `P1${hex}`);
    expect(known?.detail).toBe(`$thing/${hex}/x`);
  });

  it('shows a station its own devices, those of no station and unknown clients', () => {
    using setup = traced();
    setup.store.devices.markLeased(setup.idOf('a') ?? 0, 'line-1');
    setup.store.devices.markLeased(setup.idOf('b') ?? 0, 'line-2');
    for (const name of ['a', 'b', 'c'])
      setup.refusals.record({ ...STRANGER, clientId: `P1${name}`, deviceId: setup.idOf(name) });
    setup.refusals.record(STRANGER);
    const seen = (station: string) => setup.rows({ station }).refusals.map(({ clientId }) => clientId);
    expect(seen('line-1')).toEqual(['GWDEMO0001nobody', 'P1c', 'P1a']);
    expect(seen('line-2')).toEqual(['GWDEMO0001nobody', 'P1c', 'P1b']);
    expect(setup.rows({ sinceMs: START_MS + 1 })).toEqual({ refusals: [], refused: 0 });
  });

  it('continues to refuse when it cannot be written, and reports this', () => {
    using setup = traced();
    setup.store.close();
    setup.refusals.record(STRANGER);
    expect(setup.tap.entries.map(({ event }) => event)).toEqual(['mqtt.refused', 'mqtt.refusal-not-kept']);
  });
});
