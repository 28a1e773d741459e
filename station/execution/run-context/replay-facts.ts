import type { SecretShape } from '#shared/codec/secret-shape.ts';
import type { LedgerView } from '#shared/domain/burn-decision.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import { type IdentityState, LIVE_STATES } from '#shared/domain/identity.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { Bound, Ledger } from '../../identity/index.ts';
import type { Json, RunIo } from '../recording/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';

/*
 * What the ledger said to a run, kept in its recording: a replay on another machine makes a ledger that says the same.
 * Of secrets it has the shape alone.
 */

/** What was known of the unit when it said who it is. */
export interface UnitFacts {
  readonly chipId: string;
  readonly serialNumber: string | null;
  /** Chip of the unit that has the serial number of this run. */
  readonly serialOwner: string | null;
  /** How its last run failed. */
  readonly lastFailure: FaultCode | null;
  readonly triples: readonly (IdentityName & {
    readonly state: IdentityState;
    readonly secret: SecretShape | null;
    /** Under which serial number the unit was last seen while it had it. */
    readonly lastSerial?: string | null;
  })[];
}

/** The triple that was next in the pool. */
export interface ClaimedFacts extends IdentityName {
  readonly secret: SecretShape;
}

/** Where a name that the unit holds was found. */
export interface Whereabouts extends IdentityName {
  readonly at: LedgerView['readNameElsewhere'];
}

interface Known {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
}

/** Call it before anything of what it notes is changed. */
export function noteUnit(
  io: RunIo,
  { database, ledger }: Known,
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

export function noteClaimed(io: RunIo, ledger: Ledger, { productId, deviceName, tripleId }: Bound): void {
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
