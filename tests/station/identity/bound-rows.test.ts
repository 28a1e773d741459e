import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Database from 'better-sqlite3';
import { auditIdentity, createLedger, type Ledger, type Vault } from '../../../station/identity/index.ts';
import {
  openStationDatabase,
  type WritableDatabase,
  databaseFile,
} from '../../../station/core/database/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { addBatch, addTriples, beginRun, PRODUCT } from '../../kit/sample-rows.ts';
import { memoryDir } from '../../support/temp-dir.ts';

const clock = { nowMs: () => 1, monotonicMs: () => 1, sleep: () => Promise.resolve() };
const MAC = 'A2B700000001';

let dir: ReturnType<typeof memoryDir>;
let database: WritableDatabase;
let ledger: Ledger;
beforeEach(() => {
  dir = memoryDir();
  database = openStationDatabase(dir.path);
  ledger = createLedger(database, {} as Vault, clock);
  addTriples(database, 2);
  addBatch(database);
});
afterEach(() => {
  database.close();
  dir[Symbol.dispose]();
});

function bind(
  deviceName: string,
  to: { boundMac?: string; boundSerial?: string },
  productId = PRODUCT,
): void {
  const row = { productId, deviceName, sealed: new Uint8Array(8), source: 'import', lease: null };
  database.transaction(() => expect(database.triples.add({ ...row, ...to }, 1)).toBe('added'));
}
const unitOf = (mac: string): number =>
  database.transaction(() => database.units.recordSeen(mac, null, null, 1).unitId);
let runs = 0;
/** A run of the unit, begun with this serial number: what a claim happens in. */
function claim(mac: string, serialNumber: string | null, productId = PRODUCT): string {
  const runId = `r${(runs += 1)}`;
  const unitId = unitOf(mac);
  database.transaction(() => {
    beginRun(database, runId, serialNumber);
    database.runs.setUnit(runId, unitId);
  });
  return ledger.claim(productId, unitId, runId, serialNumber).deviceName;
}
const refusal = async (...order: Parameters<typeof claim>) => {
  const { code, message } = await faultOf(() => claim(...order));
  return `${code}: ${message}`;
};

describe('a triple that a file brought for one unit', () => {
  it('is given to that unit and to no other, by its MAC or by its serial number', async () => {
    bind('by-mac', { boundMac: MAC });
    bind('by-serial', { boundSerial: 'SN2' });
    expect(claim('A2B700000009', 'SN9')).toBe('d1');
    expect(claim(MAC, null)).toBe('by-mac');
    expect(claim('A2B700000002', 'SN2')).toBe('by-serial');
    expect(claim('A2B700000008', 'SN8')).toBe('d2');
    bind('left', { boundMac: 'A2B7000000FF' });
    expect(await refusal('A2B700000007', null)).toBe(
      `pool-empty: no triple of ${PRODUCT} is left for this unit; 1 that is left is for another unit`,
    );
    expect(auditIdentity(database).violations).toEqual([]);
  });

  it('is the only one that its unit may have', async () => {
    bind('mine', { boundMac: MAC });
    database.transaction(() =>
      database.triples.applyEvent(database.triples.findByName(PRODUCT, 'mine')!, 'conflict', {
        at: 1,
        runId: null,
        note: '',
      }),
    );
    expect(await refusal(MAC, null)).toContain('mine is for it and is quarantined');
    bind('theirs', { boundMac: 'A2B700000002' }, 'OTHER');
    expect(await refusal('A2B700000002', null)).toContain(`OTHER/theirs is for it, of another product`);
    expect(database.triples.listInState('claimed')).toEqual([]);
  });

  it('with MAC and serial number is for the unit that has both', async () => {
    bind('both', { boundMac: MAC, boundSerial: 'SN1' });
    expect(await refusal(MAC, 'SN2')).toContain('both is for it with serial number SN1, not SN2');
    expect(await refusal('A2B700000002', 'SN1')).toContain(
      'both is for serial number SN1 with MAC A2:B7:00:00:00:01',
    );
    expect(claim(MAC, 'SN1')).toBe('both');
  });

  it('is none when two are for one unit', async () => {
    bind('one', { boundMac: MAC });
    bind('two', { boundSerial: 'SN1' });
    expect(await refusal(MAC, 'SN1')).toMatch(/^identity-conflict: .*both .*one and .*two are for it/);
  });

  it('is found by the serial number of an earlier run, where none is scanned', () => {
    bind('mine', { boundSerial: 'SN1' });
    const unitId = unitOf(MAC);
    database.transaction(() => {
      beginRun(database, 'earlier', 'SN1');
      database.runs.setUnit('earlier', unitId);
    });
    expect(ledger.replace(unitId, PRODUCT, 'desk', 'returned', () => undefined)?.deviceName).toBe('mine');
  });

  it('is followed by another row for that unit only once it is retired', () => {
    bind('first', { boundMac: MAC });
    claim(MAC, null);
    expect(() => bind('second', { boundMac: MAC })).toThrow(/has one already|UNIQUE/);
    ledger.replace(unitOf(MAC), null, 'desk', 'scrapped', () => undefined);
    bind('second', { boundMac: MAC });
    expect(claim(MAC, null)).toBe('second');
    expect(auditIdentity(database).violations).toEqual([]);
  });

  it('cannot get past the tables, whatever the code above them does', () => {
    bind('by-mac', { boundMac: MAC });
    bind('by-serial', { boundSerial: 'SN2' });
    const [other, own] = [unitOf('A2B700000003'), unitOf(MAC)];
    const db = new Database(databaseFile(dir.path));
    const give = (name: string, unitId: number): string =>
      `UPDATE triple SET state = 'claimed', unit_id = ${unitId} WHERE device_name = '${name}'`;
    for (const [sql, why] of [
      [give('by-mac', other), /goes to no other/],
      [give('by-serial', other), /goes to no other unit/],
      [give('d1', own), /gets no other/],
      [`UPDATE triple SET bound_mac = NULL WHERE device_name = 'by-mac'`, /never changes/],
      [`UPDATE triple SET bound_mac = 'A2B700000003' WHERE device_name = 'd1'`, /never changes/],
      [`UPDATE triple SET secret_digest = zeroblob(32)`, /UNIQUE/],
    ] as const)
      expect(() => db.exec(sql)).toThrow(why);
    db.close();
  });
});
