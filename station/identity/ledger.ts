import { secretShape, type SecretShape } from '#shared/codec/secret-shape.ts';
import {
  decideBurn,
  type BurnDecision,
  type IdentityReading,
  type LedgerView,
} from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityEvent } from '#shared/domain/identity.ts';
import type { IdentityName, Triple } from '#shared/domain/triple.ts';
import { type AuditTrail, createAuditTrail, STATION_ITSELF } from '../core/audit-log/index.ts';
import type { Clock } from '../core/platform/index.ts';
import type { WritableDatabase, TripleRow } from '../core/database/index.ts';
import { reservedTriple, poolEmpty } from './reserved-triple.ts';
import { ownerOf, type Vault } from './vault/vault.ts';

/** A triple bound to a unit, without its secret. */
export interface Bound extends IdentityName {
  readonly tripleId: number;
  readonly unitId: number;
}

/**
 * The ledger of triples: which unit has which identity, and what is known of it. Every method is one durable
 * transaction; when it returns, the power may fail.
 */
export interface Ledger {
  /** What to do with the unit on the slot, from the ledger, its serial number if it was scanned, and its own word. */
  decide(unitId: number, serialNumber: string | null, reading: IdentityReading): BurnDecision;
  /** The live triple of a unit. */
  boundTo(unitId: number): Bound | null;
  /**
   * Binds a triple to the unit: the one that is for this unit alone, by its chip or by the serial number, else the next
   * of the pool that any unit may have. Faults: `pool-empty`; `identity-conflict` when what is for this unit cannot be
   * given to it (another product's, of another serial number, in quarantine) and when two are for it.
   *
   * @param serialNumber as scanned; left out, the one that the unit is known by.
   */
  claim(productId: string, unitId: number, runId: string, serialNumber?: string | null): Bound;
  /** Makes the intent to write durable. Not one byte of identity may leave before this returns. */
  intend(bound: Bound, runId: string, note: string): void;
  /** The device was read and holds it. */
  confirm(bound: Bound, runId: string, note: string): void;
  /** The device was read and does not hold it: the triple is the unit's, unwritten. */
  absent(bound: Bound, runId: string, note: string): void;
  /** Nobody can say what the device holds. */
  doubt(bound: Bound, runId: string, note: string): void;
  /** Gives a triple that was never written, or was read as absent, back to the pool. */
  release(bound: Bound, runId: string, note: string): void;
  /** Device and ledger contradict each other: takes aside every triple of ours that is involved. */
  conflict(unitId: number, reading: IdentityReading, runId: string, note: string): void;
  /** Where the ledger has a name, seen from a unit; `null` when it is the unit's own live one. */
  whereabouts(name: IdentityName, unitId: number): LedgerView['readNameElsewhere'];
  /**
   * Retires every triple of the unit that is not retired yet, and claims the next of the pool when `productId` is
   * given; with whatever `also` writes, in one transaction. Faults: `pool-empty`, and then nothing is retired.
   */
  replace(
    unitId: number,
    productId: string | null,
    runId: string,
    note: string,
    also: (retired: readonly IdentityName[]) => void,
  ): Bound | null;
  /** Opens the secret of a bound triple for the length of `use`. */
  withSecret<T>(bound: Bound, use: (triple: Triple) => Promise<T>): Promise<T>;
  /** What may be said of the secret of a triple. */
  secretShape(tripleId: number): SecretShape;
  /** After a start: every intent whose end is not known is in doubt. Returns how many. */
  recover(): number;
}

export function createLedger(
  database: WritableDatabase,
  vault: Vault,
  clock: Clock,
  audit: AuditTrail = createAuditTrail(database, clock),
): Ledger {
  function move(bound: Bound, event: IdentityEvent, runId: string | null, note: string): void {
    // An intent is no fact yet: without ordinary space for it nothing is written into a unit.
    const write = event === 'intend' ? database.transaction : database.writeReserved;
    write(() =>
      database.triples.applyEvent(current(bound.tripleId), event, { at: clock.nowMs(), runId, note }),
    );
  }
  function current(tripleId: number): TripleRow {
    const row = database.triples.findById(tripleId);
    if (row === null) throw new Fault('ledger-violation', `triple ${tripleId} is not in the ledger`);
    return row;
  }
  /**
   * An intent that stands when its unit is on a slot again was left by a burn whose end could not be recorded (a disk
   * that was full to the last byte): nobody writes now, so it is in doubt like one that a crash has left.
   */
  function settle(row: TripleRow | null): void {
    if (row?.state !== 'burning') return;
    database.writeReserved(() =>
      database.triples.applyEvent(row, 'doubt', because(null, 'the end of writing was not recorded')),
    );
  }
  function view(unitId: number, serialNumber: string | null, reading: IdentityReading): LedgerView {
    const bound = database.triples.findLiveOfUnit(unitId);
    const last = bound === null ? null : database.runs.findLastSerialNumberWith(unitId, bound.tripleId);
    const otherSerial = serialNumber !== null && last !== null && last !== serialNumber;
    return {
      bound: bound === null ? null : { name: bound, state: bound.state, otherSerial },
      readNameElsewhere: reading.kind === 'none' ? null : whereabouts(reading.name, unitId),
    };
  }
  function whereabouts(name: IdentityName, unitId: number): LedgerView['readNameElsewhere'] {
    const row = database.triples.findByName(name.productId, name.deviceName);
    if (row === null) return 'unknown';
    switch (row.state) {
      case 'available':
        return 'pool';
      // The registry may have given it to another station by now: not ours to judge.
      case 'returned':
        return 'unknown';
      case 'quarantined':
        return 'quarantined';
      case 'retired':
        return row.unitId === unitId ? 'own-retired' : 'retired';
      default:
        return row.unitId === unitId ? null : 'other-unit';
    }
  }

  const ledger: Ledger = {
    decide(unitId, serialNumber, reading) {
      settle(database.triples.findLiveOfUnit(unitId));
      return decideBurn(view(unitId, serialNumber, reading), reading);
    },
    boundTo(unitId) {
      const row = database.triples.findLiveOfUnit(unitId);
      return row === null ? null : asBound(row, unitId);
    },
    claim(productId, unitId, runId, serialNumber) {
      return database.transaction(() => {
        const own = reservedTriple(database, productId, unitId, serialNumber ?? null);
        const row = own ?? database.triples.findNextFree(productId);
        if (row === null)
          throw poolEmpty(productId, database.triples.countBoundAvailable().get(productId) ?? 0);
        const note = own === null ? 'next of the pool' : 'for this unit alone';
        return asBound(database.triples.applyEvent(row, 'claim', because(runId, note), unitId), unitId);
      });
    },
    intend(bound, runId, note) {
      move(bound, 'intend', runId, note);
    },
    confirm(bound, runId, note) {
      database.writeReserved(() => {
        const row = current(bound.tripleId);
        // Read again and still there: nothing changes, the run's own record has the proof.
        if (row.state === 'burned' || row.state === 'registered') return;
        // A claimed triple that the device holds already was written by an intent that another crash hid.
        const from =
          row.state === 'claimed'
            ? database.triples.applyEvent(row, 'intend', because(runId, 'found on the device'))
            : row;
        database.triples.applyEvent(from, 'confirm', because(runId, note));
      });
    },
    absent: (bound, runId, note) => move(bound, 'absent', runId, note),
    doubt: (bound, runId, note) => move(bound, 'doubt', runId, note),
    release: (bound, runId, note) => move(bound, 'release', runId, note),
    conflict(unitId, reading, runId, note) {
      database.writeReserved(() => {
        const involved = [database.triples.findLiveOfUnit(unitId)];
        if (reading.kind === 'holds')
          involved.push(database.triples.findByName(reading.name.productId, reading.name.deviceName));
        const seen = new Set<number>();
        for (const row of involved) {
          // A triple rightly burned into another unit stays with it: only this slot's unit is suspect.
          if (
            row === null ||
            seen.has(row.tripleId) ||
            row.state === 'quarantined' ||
            row.state === 'retired'
          )
            continue;
          if (row.unitId !== null && row.unitId !== unitId) continue;
          seen.add(row.tripleId);
          database.triples.applyEvent(row, 'conflict', because(runId, note));
          audit.record(
            STATION_ITSELF,
            'identity.quarantine',
            database.units.findById(unitId)?.chipId ?? String(unitId),
            {
              productId: row.productId,
              deviceName: row.deviceName,
              was: row.state,
              run: runId,
              note,
            },
          );
        }
      });
    },
    whereabouts,
    replace(unitId, productId, runId, note, also) {
      return database.transaction(() => {
        settle(database.triples.findLiveOfUnit(unitId));
        const old = database.triples.listOfUnit(unitId).filter((row) => row.state !== 'retired');
        for (const row of old) database.triples.applyEvent(row, 'retire', because(runId, note));
        also(old);
        return productId === null ? null : ledger.claim(productId, unitId, runId);
      });
    },
    async withSecret(bound, use) {
      const row = current(bound.tripleId);
      return vault.reveal(row.secret, ownerOf(row), (deviceSecret) =>
        use({ productId: row.productId, deviceName: row.deviceName, deviceSecret }),
      );
    },
    secretShape(tripleId) {
      const row = current(tripleId);
      return vault.reveal(row.secret, ownerOf(row), secretShape);
    },
    recover() {
      return database.writeReserved(() => {
        const open = database.triples.listBurning();
        for (const row of open)
          database.triples.applyEvent(
            row,
            'doubt',
            because(null, 'the station stopped while it was being written'),
          );
        return open.length;
      });
    },
  };
  return ledger;

  function because(runId: string | null, note: string) {
    return { at: clock.nowMs(), runId, note };
  }
}

function asBound(row: TripleRow, unitId: number): Bound {
  return { tripleId: row.tripleId, unitId, productId: row.productId, deviceName: row.deviceName };
}
