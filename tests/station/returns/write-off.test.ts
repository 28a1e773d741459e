import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLedgerNote } from '#shared/domain/ledger-note.ts';
import type { IdentityEvent } from '#shared/domain/identity.ts';
import { auditIdentity, STATION_ITSELF } from '#station';
import { verifyAudit } from '../../../station/core/audit-log/index.ts';
import { faultOf } from '../../support/fault-of.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { chipOf, namesIn } from '../../kit/triples.ts';
import { addBatch, PRODUCT } from '../../kit/sample-rows.ts';
import { soon } from '../../support/patience.ts';

let setup: TestStation;
beforeEach(async () => {
  setup = await startStation({ registry: 'lossy', triples: 8, lease: 0 });
  addBatch(setup.station.database);
  await setup.station.pool.lease(PRODUCT, 8, STATION_ITSELF, soon());
});
afterEach(() => setup[Symbol.asyncDispose]());

/** The shortest reason that the pages propose. */
const justification = { reason: '报废', approver: 'Wang' };
const by = { user: 'Li', role: 'support' } as const;
const writeOff = (deviceName: string, productId: string | null = null) =>
  setup.station.returns.writeOff({ deviceName, productId, ...justification }, by, soon());

/** The next triple of the pool, led so far along its life. */
function lead(n: number, ...events: IdentityEvent[]): string {
  const { database } = setup.station;
  return database.transaction(() => {
    const { unitId } = database.units.recordSeen(chipOf(n), null, null, n);
    let row = database.triples.findNextFree(PRODUCT);
    if (row === null) throw new Error('the pool is empty');
    for (const event of events)
      row = database.triples.applyEvent(
        row,
        event,
        { at: 1, runId: null, note: '' },
        event === 'claim' ? unitId : row.unitId,
      );
    return row.deviceName;
  });
}

describe('an identity whose unit never comes back', () => {
  it.each<[string, IdentityEvent[], string | null]>([
    ['claimed', ['claim'], chipOf(1)],
    ['in-doubt', ['claim', 'intend', 'doubt'], chipOf(1)],
    ['burned', ['claim', 'intend', 'confirm'], chipOf(1)],
    ['quarantined', ['claim', 'intend', 'conflict'], chipOf(1)],
    ['quarantined', ['conflict'], null],
    ['available', [], null],
  ])(
    'is written off when it is %s, with reason and approver, and the registry hears',
    async (was, life, chipId) => {
      const deviceName = lead(1, ...life);
      expect(await writeOff(deviceName)).toEqual({ productId: PRODUCT, deviceName, was, chipId });
      expect(namesIn(setup.station, 'retired')).toEqual([deviceName]);
      expect(await setup.station.sync.drain(soon())).toMatchObject({ sent: 1, parked: 0 });
      expect(await setup.station.registry()?.device(PRODUCT, deviceName, soon())).toMatchObject({
        state: 'retired',
      });
      const last = setup.station.database.audit.findLastOf(['returns.write-off']);
      expect(last).toMatchObject({ actor: 'Li', action: 'returns.write-off', subject: chipId ?? deviceName });
      expect(JSON.parse(last?.details ?? '{}')).toMatchObject({
        reason: justification.reason,
        approver: 'Wang',
      });
      expect(verifyAudit(setup.station.database).brokenAt).toBeNull();
      expect(auditIdentity(setup.station.database).violations).toEqual([]);
      // The desk names the identity that the unit had.
      if (chipId !== null)
        expect(await setup.station.returns.find(chipId, soon())).toMatchObject({
          bound: null,
          retired: { productId: PRODUCT, deviceName },
        });
      // Once is enough.
      expect(await faultOf(() => writeOff(deviceName))).toMatchObject({ code: 'bad-input' });
      // The unit, should it come, is a new one.
      const { database } = setup.station;
      const unit = chipId === null ? null : database.units.findByChip(chipId);
      expect(unit === null ? null : database.triples.findLiveOfUnit(unit.unitId)).toBeNull();
      // A page of another language has the words from the code and its values.
      const notes = unit === null ? [] : database.triples.listHistoryOfUnit(unit.unitId);
      const note = notes.findLast(({ event }) => event === 'retire')?.note;
      const { reason } = justification;
      if (unit !== null)
        expect(readLedgerNote(note ?? '')).toMatchObject({ code: 'writtenOff', values: { reason } });
    },
  );

  it('is not written off while it is written, when it is not ours any more, or when nobody knows it', async () => {
    const burning = lead(1, 'claim', 'intend');
    expect(await faultOf(() => writeOff(burning))).toMatchObject({ code: 'bad-input' });
    await setup.station.pool.giveBack(PRODUCT, STATION_ITSELF, soon());
    const [returned] = namesIn(setup.station, 'returned');
    expect(await faultOf(() => writeOff(returned ?? ''))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => writeOff('nobody'))).toMatchObject({ code: 'not-found' });
    expect(await faultOf(() => writeOff('nobody', PRODUCT))).toMatchObject({ code: 'not-found' });
    const request = { deviceName: burning, productId: null, ...justification };
    for (const wrong of [{ reason: '坏' }, { approver: '' }, { reason: 'x'.repeat(501) }])
      expect(
        await faultOf(() => setup.station.returns.writeOff({ ...request, ...wrong }, by, soon())),
      ).toMatchObject({
        code: 'bad-input',
      });
    expect(namesIn(setup.station, 'retired')).toEqual([]);
    expect(setup.station.database.outbox.getCounts()).toMatchObject({ pending: 0, parked: 0 });
  });
});
