import { describe, expect, it } from 'vitest';
import type { IdentityEvent } from '../../../../shared/domain/identity.ts';
import { BALANCE_LISTS } from '../../../../shared/signed/index.ts';
import { createYielder } from '../../../../node-kit/async/index.ts';
import {
  type BalanceRows,
  countIssued,
  openStationDatabase,
  readBalanceRows,
  type WritableDatabase,
} from '../../../../station/core/database/index.ts';
import { composeBalance } from '../../../../station/execution/documents/compose-balance.ts';
import { readBalance } from '../../../../station/execution/documents/read-balance.ts';
import type { RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { addBatch, addTriples, PRODUCT } from '../../../kit/sample-rows.ts';
import { chipOf } from '../../../kit/triples.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { NEVER_ABORTED as NEVER } from '../../../support/never-aborted.ts';

/** A ledger with a pool, and two batches `B` and `C`. */
class Ledger implements Disposable {
  readonly database: WritableDatabase;
  readonly #dir = tempDir();
  #runs = 0;

  constructor(triples = 20) {
    this.database = openStationDatabase(this.#dir.path);
    addTriples(this.database, triples);
    addBatch(this.database);
    this.database.transaction(() => {
      const batch = { name: 'c', productId: PRODUCT, quantity: 9, createdAtMs: 1, recipeHash: 'h' };
      this.database.batches.add({ batchId: 'C', ...batch });
    });
  }

  /** A run of unit `n` that claims the next triple and does these events with it; returns the name. */
  run(n: number, events: readonly IdentityEvent[], { batchId = 'B', ended = true } = {}): string {
    const { database } = this;
    return database.transaction(() => {
      const runId = `R${++this.#runs}`;
      const at = this.#runs * 10;
      database.runs.add({
        runId,
        batchId,
        slot: 1,
        portPath: '/dev/null',
        serialNumber: `SN${n}`,
        station: 'S',
        operator: 'Li',
        appVersion: '0',
        recipeHash: 'h',
        startedAtMs: at,
      });
      const { unitId } = database.units.recordSeen(chipOf(n), null, null, at);
      database.runs.setUnit(runId, unitId);
      let row = database.triples.findLiveOfUnit(unitId) ?? database.triples.findNextFree(PRODUCT);
      if (row === null) throw new Error('the pool is empty');
      database.runs.setTriple(runId, row.tripleId);
      for (const event of events) {
        const owner = event === 'claim' ? unitId : row.unitId;
        row = database.triples.applyEvent(row, event, { at: at + 1, runId, note: event }, owner);
      }
      if (ended) database.runs.finish(runId, at + 2, 'PASS', null);
      return row.deviceName;
    });
  }

  /** An event of an identity outside of a run. */
  apply(deviceName: string, event: IdentityEvent, runId: string | null = null, unitId?: number): void {
    this.database.transaction(() => {
      const row = this.database.triples.findByName(PRODUCT, deviceName);
      if (row === null) throw new Error(`there is no ${deviceName}`);
      this.database.triples.applyEvent(row, event, { at: 9_000, runId, note: event }, unitId ?? row.unitId);
    });
  }

  async balance(batchId = 'B', registry: RegistryClient | null = null) {
    const now = await readBalance({ database: this.database, nowMs: () => 5, registry }, batchId, NEVER);
    const names = Object.fromEntries(
      BALANCE_LISTS.map((list) => [list, now.lists[list].map(({ deviceName }) => deviceName)]),
    );
    return { ...now, names };
  }

  [Symbol.dispose](): void {
    this.database.close();
    this.#dir[Symbol.dispose]();
  }
}

const BURNED = ['claim', 'intend', 'confirm'] as const;
const REGISTERED = [...BURNED, 'register'] as const;

describe('the balance of a batch', () => {
  it('has each issued identity in exactly one list, in every state', async () => {
    using ledger = new Ledger();
    const registered = ledger.run(1, REGISTERED);
    const retired = ledger.run(2, [...REGISTERED, 'retire']);
    const quarantined = ledger.run(3, ['claim', 'intend', 'conflict']);
    const returned = ledger.run(4, ['claim', 'release']);
    const inDoubt = ledger.run(5, ['claim', 'intend', 'doubt']);
    const { names, counts, addsUp, lists } = await ledger.balance();
    // The returned one is the next of the pool, and was issued again.
    expect(returned).toBe(inDoubt);
    expect(names).toEqual({
      registered: [registered],
      retired: [retired],
      quarantined: [quarantined],
      returned: [],
      inDoubt: [inDoubt],
      open: [],
    });
    expect(counts).toMatchObject({
      issued: 4,
      registered: 1,
      retired: 1,
      quarantined: 1,
      inDoubt: 1,
      open: 0,
    });
    expect(addsUp).toBe(true);
    expect(lists.registered[0]).toEqual({
      productId: PRODUCT,
      deviceName: registered,
      serialNumber: 'SN1',
      unit: 'A2:B7:00:00:00:01',
      since: new Date(11).toISOString(),
      why: 'register',
      run: 'R1',
    });
  });

  it('leaves a returned identity with the batch that returned it, also when another one has issued it since', async () => {
    using ledger = new Ledger();
    const first = ledger.run(1, ['claim', 'release']);
    expect((await ledger.balance()).names['returned']).toEqual([first]);
    expect(ledger.run(2, REGISTERED, { batchId: 'C' })).toBe(first);
    const [ofB, ofC] = [await ledger.balance('B'), await ledger.balance('C')];
    expect(ofB.names).toMatchObject({ returned: [first], open: [] });
    expect(ofB.lists.returned[0]).toMatchObject({ why: 'release', serialNumber: 'SN1' });
    expect(ofC.names).toMatchObject({ registered: [first], returned: [] });
  });

  it('counts what the returns desk issues for a unit of the batch as issued by the batch', async () => {
    using ledger = new Ledger();
    const old = ledger.run(1, REGISTERED);
    ledger.apply(old, 'retire', 'return-1');
    const unit = ledger.database.units.findByChip(chipOf(1))?.unitId ?? 0;
    const next = ledger.database.triples.findNextFree(PRODUCT)?.deviceName ?? '';
    for (const event of REGISTERED) ledger.apply(next, event, 'return-1', unit);
    expect((await ledger.balance()).names).toMatchObject({ registered: [next], retired: [old], open: [] });
    // A unit of another batch that keeps its identity has none of that batch.
    ledger.run(1, [], { batchId: 'C' });
    expect(await ledger.balance('C')).toMatchObject({
      counts: { issued: 0 },
      fromElsewhere: 1,
      addsUp: true,
    });
  });

  it.each([
    [['claim'], 'claimed'],
    [['claim', 'intend'], 'burning'],
    [BURNED, 'not-reported'],
  ] as const)('does not add up after %j: %s', async (events, reason) => {
    using ledger = new Ledger();
    ledger.run(1, events);
    const { addsUp, lists, counts } = await ledger.balance();
    expect({ addsUp, reason: lists.open[0]?.open?.reason, issued: counts.issued }).toEqual({
      addsUp: false,
      reason,
      issued: 1,
    });
  });

  it.each([
    ['not-sent', null, null],
    ['refused', 'key-reused: x', null],
    ['set-aside', 'key-reused: x', 'lost'],
  ] as const)(
    'says of a burned identity what its message waits for: %s',
    async (reason, parked, setAside) => {
      using ledger = new Ledger();
      const deviceName = ledger.run(1, BURNED);
      const { outbox } = ledger.database;
      ledger.database.transaction(() => {
        const payload = JSON.stringify({ identity: { productId: PRODUCT, deviceName } });
        outbox.add({ key: 'run:R1', orderKey: 'u', kind: 'run.finished', payload, createdAtMs: 1 });
        if (parked !== null) outbox.park(1, parked, 2);
        if (setAside !== null) outbox.setAside('run:R1', setAside);
      });
      expect((await ledger.balance()).lists.open).toMatchObject([{ deviceName, open: { reason } }]);
    },
  );

  it('does not add up while a run has not ended, or a retirement is not sent', async () => {
    using ledger = new Ledger();
    ledger.run(1, REGISTERED, { ended: false });
    expect(await ledger.balance()).toMatchObject({
      addsUp: false,
      units: { running: 1 },
      counts: { open: 0 },
    });
    using other = new Ledger();
    const deviceName = other.run(1, [...REGISTERED, 'retire']);
    other.database.transaction(() => {
      const payload = JSON.stringify({ productId: PRODUCT, deviceName });
      other.database.outbox.add({
        key: 'retired:1',
        orderKey: 'u',
        kind: 'identity.retired',
        payload,
        createdAtMs: 1,
      });
    });
    expect((await other.balance()).lists.open).toMatchObject([{ open: { reason: 'retirement-not-sent' } }]);
  });

  it.each([
    ['another unit', { state: 'bound', chipId: 'FF' }, 'the registry has it on unit FF'],
    ['no unit', { state: 'available', chipId: null }, 'at the registry it is available'],
    ['unknown', null, 'the registry does not know it'],
  ] as const)(
    'does not add up when the registry says of a registered identity: %s',
    async (_, device, detail) => {
      using ledger = new Ledger();
      const deviceName = ledger.run(1, REGISTERED);
      const devices = device === null ? [] : [{ productId: PRODUCT, deviceName, ...device }];
      const registry = {
        devices: () => Promise.resolve({ devices, nextCursor: null }),
        device: () => Promise.resolve(null),
      } as unknown as RegistryClient;
      const now = await ledger.balance('B', registry);
      expect(now).toMatchObject({ addsUp: false, comparedAtMs: 5, names: { registered: [] } });
      expect(now.lists.open[0]?.open).toEqual({ reason: 'registry-differs', detail });
    },
  );

  it('does not add up while a registered unit is bound to a station; one of a customer is no matter', async () => {
    using ledger = new Ledger();
    const deviceName = ledger.run(1, REGISTERED);
    const { lists: before } = await ledger.balance();
    const chipId = (before.registered[0]?.unit ?? '').replaceAll(':', '');
    const balanceWith = (owner: string | null) => {
      const devices = [{ productId: PRODUCT, deviceName, state: 'bound', chipId, owner }];
      const registry = { devices: () => Promise.resolve({ devices, nextCursor: null }) };
      return ledger.balance('B', registry as unknown as RegistryClient);
    };
    const left = await balanceWith('station:S1');
    expect(left).toMatchObject({ addsUp: false, counts: { registered: 0, open: 1 } });
    expect(left.lists.open[0]?.open).toEqual({ reason: 'still-bound', detail: 'it is bound to station:S1' });
    for (const owner of [null, 'customer'])
      expect(await balanceWith(owner)).toMatchObject({ addsUp: true, counts: { registered: 1 } });
  });

  it('names records that contradict each other', async () => {
    const row = {
      tripleId: 1,
      productId: PRODUCT,
      deviceName: 'd1',
      state: 'registered',
      chipId: chipOf(1),
      idKind: 'mac',
      idText: null,
      serialNumber: 'SN1',
      isLatest: 1,
      event: 'register',
      toState: 'registered',
      at: 1,
      note: '',
      runId: null,
      heldBy: chipOf(1),
      live: 1,
      isConfirmed: 1,
    } as const;
    const rows = {
      issued: [],
      unsent: [],
      runs: 1,
      running: 0,
      passed: 1,
      notPassed: 0,
      fromElsewhere: 0,
      unissued: [],
      lastEventId: 1,
    };
    const compose = (more: Partial<BalanceRows>) =>
      composeBalance({ ...rows, ...more }, null, createYielder(NEVER));
    const detailOf = async (change: object): Promise<string | undefined> =>
      (await compose({ issued: [{ ...row, ...change }] })).lists.open[0]?.open?.detail;
    expect(await detailOf({})).toBeUndefined();
    expect(await detailOf({ toState: 'burned' })).toBe('it is registered, and its history ends in burned');
    expect(await detailOf({ heldBy: chipOf(2) })).toMatch(/was issued for unit/);
    expect(await detailOf({ live: 2 })).toMatch(/has 2 live identities/);
    expect(await detailOf({ isConfirmed: 0 })).toMatch(/no device was read with it/);
    expect(await detailOf({ isLatest: 0 })).toMatch(/never released/);
    expect(await detailOf({ state: 'returned', toState: 'returned' })).toMatch(/given back to the registry/);
    const unissued = [{ deviceName: 'd9', runId: 'R9' }];
    expect((await compose({ unissued })).addsUp).toBe(false);
  });

  it('arrives and is put together in turns, so that nothing waits for a large batch', async () => {
    using ledger = new Ledger(2_500);
    for (let n = 1; n <= 2_500; n += 1) ledger.run(n, ['claim']);
    const rows = await readBalanceRows(ledger.database.file, 'B', NEVER);
    expect(rows.issued.map(({ tripleId }) => tripleId)).toEqual(
      Array.from({ length: 2_500 }, (_, n) => n + 1),
    );
    let turns = 0;
    const counter = { afterRows: (count: number) => Promise.resolve(void (turns += count)) };
    expect((await composeBalance(rows, null, counter)).counts).toMatchObject({ issued: 2_500, open: 2_500 });
    expect(turns).toBe(2_500);
  });

  it('and the pool are the whole ledger', async () => {
    using ledger = new Ledger(12);
    ledger.run(1, REGISTERED);
    ledger.run(2, [...REGISTERED, 'retire'], { batchId: 'C' });
    ledger.run(3, ['claim', 'release']);
    ledger.run(4, ['claim', 'intend', 'conflict']);
    const counts = await countIssued(ledger.database.file, NEVER);
    const of = (batchId: string | null): number =>
      counts.filter((row) => row.batchId === batchId).reduce((sum, { identities }) => sum + identities, 0);
    for (const batchId of ['B', 'C']) {
      const { counts: issued } = await ledger.balance(batchId);
      expect(issued.issued - issued.returned).toBe(of(batchId));
    }
    expect([of('B'), of('C'), of(null)]).toEqual([2, 1, 9]);
  });
});
