import type { SecretShape } from '#shared/codec/secret-shape.ts';
import type { LedgerView } from '#shared/domain/burn-decision.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import { type IdentityState, LIVE_STATES } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { BoundTriple, Ledger } from '../../identity/index.ts';
import type { Json, RunIo } from '../recording/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/*
 * The facts of the ledger that a run depends on, written to its recording: a replay on another computer makes a ledger
 * with the same facts. Of a secret only its shape is written.
 */

/** The facts about a unit at the time when it was identified. */
export interface UnitFacts {
  readonly chipId: string;
  readonly serialNumber: string | null;
  /** Chip id of the unit that has the serial number of this run. */
  readonly serialOwner: string | null;
  /** Fault of its last run. */
  readonly lastFailure: FaultCode | null;
  readonly triples: readonly (IdentityName & {
    readonly state: IdentityState;
    readonly secret: SecretShape | null;
    /** Serial number of the last run of the unit with this triple. */
    readonly lastSerial?: string | null;
  })[];
}

/** The triple that was claimed from the pool. */
export interface ClaimedFacts extends IdentityName {
  readonly secret: SecretShape;
}

/** Where the ledger has the name that the unit holds. */
export interface Whereabouts extends IdentityName {
  readonly at: LedgerView['readNameElsewhere'];
}

interface FactSources {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
}

/** To be called before the run changes any of these facts. */
export function noteUnit(
  io: RunIo,
  { database, ledger }: FactSources,
  chipId: string,
  serialNumber: string | null,
): void {
  note(io, 'unit', (): UnitFacts => {
    const unit = database.units.findByChip(chipId);
    const owner = serialNumber === null ? null : database.units.findBySerialNumber(serialNumber);
    const last =
      unit === null ? null : database.runs.listOfUnit(unit.unitId).findLast((row) => row.outcome !== null);
    const triples = unit === null ? [] : database.triples.listOfUnit(unit.unitId);
    return {
      chipId,
      serialNumber: unit?.serialNumber ?? null,
      serialOwner: owner?.chipId ?? null,
      lastFailure: last?.failure?.code ?? null,
      triples: triples.map(({ productId, deviceName, state, tripleId }) => {
        const isLive = LIVE_STATES.some((live) => live === state);
        return {
          productId,
          deviceName,
          state,
          secret: isLive ? ledger.secretShape(tripleId) : null,
          lastSerial: isLive ? database.runs.findLastSerialNumberWith(unit?.unitId ?? 0, tripleId) : null,
        };
      }),
    };
  });
}

export function noteClaimed(
  io: RunIo,
  ledger: Ledger,
  { productId, deviceName, tripleId }: BoundTriple,
): void {
  note(io, 'claimed', (): ClaimedFacts => ({
    productId,
    deviceName,
    secret: ledger.secretShape(tripleId),
  }));
}

export function noteWhereabouts(io: RunIo, ledger: Ledger, name: IdentityName, unitId: number): void {
  const { productId, deviceName } = name;
  note(io, 'where', (): Whereabouts => ({ productId, deviceName, at: ledger.whereabouts(name, unitId) }));
}

function note(io: RunIo, key: string, facts: () => object): void {
  io.input('ledger', key, () => facts() as unknown as Json);
}
