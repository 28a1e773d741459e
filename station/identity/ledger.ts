import { ledgerNote } from '#shared/domain/ledger-note.ts';
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
import { whereaboutsOf } from './whereabouts.ts';

/** A triple bound to a unit, without its secret. */
export interface BoundTriple extends IdentityName {
  readonly tripleId: number;
  readonly unitId: number;
}

/** The ledger of triples: which unit has which identity, in which state. Every method is one durable transaction. */
export interface Ledger {
  /** What to do with the unit on the slot, from the ledger, the scanned serial number and the device's identity. */
  decide(unitId: number, serialNumber: string | null, reading: IdentityReading): BurnDecision;
  /** The live triple of a unit. */
  boundTo(unitId: number): BoundTriple | null;
  /**
   * Binds a triple to the unit: the one that is reserved for it by chip id or serial number, else the next unreserved one.
   * Faults: `pool-empty`; `identity-conflict` when the reserved triple is of another product or serial number or is not
   * available, and when two are reserved.
   *
   * @param serialNumber as scanned; without it, the last one of the unit
   */
  claim(productId: string, unitId: number, runId: string, serialNumber?: string | null): BoundTriple;
  /** Stores the intent to write durably. No byte of the identity may be sent before this returns. */
  intend(bound: BoundTriple, runId: string, note: string): void;
  /** The device was read and holds the triple. */
  confirm(bound: BoundTriple, runId: string, note: string): void;
  /** The device was read and does not hold the triple, which stays claimed. */
  absent(bound: BoundTriple, runId: string, note: string): void;
  /** It is not known what the device holds. */
  doubt(bound: BoundTriple, runId: string, note: string): void;
  /** Returns a triple to the pool that was never written, or was read as absent. */
  release(bound: BoundTriple, runId: string, note: string): void;
  /** Device and ledger contradict each other: quarantines every triple of this unit that is involved. */
  conflict(unitId: number, reading: IdentityReading, runId: string, note: string): void;
  /** Where the ledger has a name, from the view of a unit; null when it is the unit's own live identity. */
  whereabouts(name: IdentityName, unitId: number): LedgerView['readNameElsewhere'];
  /**
   * Retires every triple of the unit, and claims a new one when `productId` is given; `also` writes in the same
   * transaction. Faults: those of `claim`, and then nothing is retired.
   */
  replace(
    unitId: number,
    productId: string | null,
    runId: string,
    note: string,
    also: (retired: readonly IdentityName[]) => void,
  ): BoundTriple | null;
  /** Opens the secret of a bound triple during `use`. Faults: `secret-unreadable`. */
  withSecret<T>(bound: BoundTriple, use: (triple: Triple) => Promise<T>): Promise<T>;
  /** Alphabet, length and check byte of the secret of a triple. Faults: `secret-unreadable`. */
  secretShape(tripleId: number): SecretShape;
  /** At start: every triple that was being written is in doubt. Returns how many. */
  recover(): number;
}

export function createLedger(
  database: WritableDatabase,
  vault: Vault,
  clock: Clock,
  audit: AuditTrail = createAuditTrail(database, clock),
): Ledger {
  function move(bound: BoundTriple, event: IdentityEvent, runId: string | null, note: string): void {
    // An intent may not use the disk reserve: on a full disk no unit is written.
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
   * A triple that is still `burning` when its unit is on a slot again belongs to a burn whose end could not be recorded, on
   * a full disk for example. It is in doubt, as after a crash.
   */
  function doubtUnfinished(row: TripleRow | null): void {
    if (row?.state !== 'burning') return;
    database.writeReserved(() => database.triples.applyEvent(row, 'doubt', mark(null, ledgerNote('noEnd'))));
  }
  function view(unitId: number, serialNumber: string | null, reading: IdentityReading): LedgerView {
    const bound = database.triples.findLiveOfUnit(unitId);
    const last = bound === null ? null : database.runs.findLastSerialNumberWith(unitId, bound.tripleId);
    const otherSerial = serialNumber !== null && last !== null && last !== serialNumber;
    return {
      bound: bound === null ? null : { name: bound, state: bound.state, otherSerial },
      readNameElsewhere: reading.kind === 'none' ? null : whereaboutsOf(database, reading.name, unitId),
    };
  }

  const ledger: Ledger = {
    decide(unitId, serialNumber, reading) {
      doubtUnfinished(database.triples.findLiveOfUnit(unitId));
      return decideBurn(view(unitId, serialNumber, reading), reading);
    },
    boundTo(unitId) {
      const row = database.triples.findLiveOfUnit(unitId);
      return row === null ? null : asBound(row, unitId);
    },
    claim(productId, unitId, runId, serialNumber) {
      return database.transaction(() => {
        const reserved = reservedTriple(database, productId, unitId, serialNumber ?? null);
        const row = reserved ?? database.triples.findNextFree(productId);
        if (row === null)
          throw poolEmpty(productId, database.triples.countBoundAvailable().get(productId) ?? 0);
        const note = ledgerNote(reserved === null ? 'next' : 'reserved');
        return asBound(database.triples.applyEvent(row, 'claim', mark(runId, note), unitId), unitId);
      });
    },
    intend(bound, runId, note) {
      move(bound, 'intend', runId, note);
    },
    confirm(bound, runId, note) {
      database.writeReserved(() => {
        const row = current(bound.tripleId);
        // Read again: the state stays, and the run records the proof.
        if (row.state === 'burned' || row.state === 'registered') return;
        // The device holds a claimed triple: its intent was lost in a crash.
        const from =
          row.state === 'claimed'
            ? database.triples.applyEvent(row, 'intend', mark(runId, ledgerNote('found')))
            : row;
        database.triples.applyEvent(from, 'confirm', mark(runId, note));
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
          // A triple that belongs to another unit stays with it: only the unit on this slot is suspect.
          if (
            row === null ||
            seen.has(row.tripleId) ||
            row.state === 'quarantined' ||
            row.state === 'retired'
          )
            continue;
          if (row.unitId !== null && row.unitId !== unitId) continue;
          seen.add(row.tripleId);
          database.triples.applyEvent(row, 'conflict', mark(runId, note));
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
    whereabouts: (name, unitId) => whereaboutsOf(database, name, unitId),
    replace(unitId, productId, runId, note, also) {
      return database.transaction(() => {
        doubtUnfinished(database.triples.findLiveOfUnit(unitId));
        const old = database.triples.listOfUnit(unitId).filter((row) => row.state !== 'retired');
        for (const row of old) database.triples.applyEvent(row, 'retire', mark(runId, note));
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
        for (const row of open) database.triples.applyEvent(row, 'doubt', mark(null, ledgerNote('stopped')));
        return open.length;
      });
    },
  };
  return ledger;

  function mark(runId: string | null, note: string) {
    return { at: clock.nowMs(), runId, note };
  }
}

function asBound(row: TripleRow, unitId: number): BoundTriple {
  return { tripleId: row.tripleId, unitId, productId: row.productId, deviceName: row.deviceName };
}
