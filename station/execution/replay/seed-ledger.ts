import { inventSecret, secretShape, type SecretShape } from '#shared/codec/secret-shape.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityEvent, IdentityState } from '#shared/domain/identity.ts';
import { ownerOf, type Vault } from '../../identity/index.ts';
import type { Random } from '../../core/platform/index.ts';
import type { Recording } from '../recording/index.ts';
import type { ClaimedFacts, UnitFacts, LedgerPlace } from '../run-context/index.ts';
import type { NewRun, WritableDatabase, TripleRow } from '../../core/database/index.ts';

/** The events that bring a new triple into each state. */
const EVENTS_TO: Readonly<Record<IdentityState, readonly IdentityEvent[]>> = {
  available: [],
  claimed: ['claim'],
  burning: ['claim', 'intend'],
  burned: ['claim', 'intend', 'confirm'],
  registered: ['claim', 'intend', 'confirm', 'register'],
  'in-doubt': ['claim', 'intend', 'doubt'],
  quarantined: ['claim', 'conflict'],
  retired: ['claim', 'retire'],
  returned: [],
};

/** A triple for a recipe that burns where the recorded one did not. */
const SPARE_NAME = 'REPLAY0000000001';
const SPARE_SECRET: SecretShape = secretShape('R29uZ3dlaSByZXBsYXkhIQ==');
/** Chip id of a unit that the recording mentions without its own. */
const OTHER_UNIT = 'FEFFFFFFFF01';

export interface SeedOptions {
  readonly database: WritableDatabase;
  readonly vault: Vault;
  readonly random: Random;
  /** A finished run that earlier history refers to. */
  readonly earlier: NewRun;
  readonly productId: string;
  readonly serialNumber: string | null;
}

/** The state of the ledger when the recorded run read it. */
export interface LedgerFacts {
  readonly unit: UnitFacts | null;
  readonly claimed: ClaimedFacts | null;
  readonly where: readonly LedgerPlace[];
  /** The pool was empty. */
  readonly poolEmpty: boolean;
}

export function ledgerFacts({ entries }: Recording): LedgerFacts {
  let unit: UnitFacts | null = null;
  let claimed: ClaimedFacts | null = null;
  let poolEmpty = false;
  const where: LedgerPlace[] = [];
  for (const entry of entries.values()) {
    if (entry.type === 'attempt' && entry.attempt.failure?.code === 'pool-empty') poolEmpty = true;
    if (entry.type !== 'input' || entry.kind !== 'ledger') continue;
    const value: unknown = entry.value;
    // The first value counts: later ones include changes by the run itself.
    if (entry.key === 'unit') unit ??= value as UnitFacts;
    if (entry.key === 'claimed') claimed ??= value as ClaimedFacts;
    if (entry.key === 'where') where.push(value as LedgerPlace);
  }
  return { unit, claimed, where, poolEmpty };
}

/** Fills a new database so that the run reads the same facts about the unit as the recorded run. Secrets are generated. */
export function seedLedger(options: SeedOptions, facts: LedgerFacts): void {
  const { database } = options;
  database.transaction(() => {
    const { unit, claimed } = facts;
    if (unit !== null) {
      const { unitId } = database.units.recordSeen(unit.chipId, null, null, 0);
      if (unit.serialNumber !== null) database.units.setSerialNumber(unitId, unit.serialNumber);
      if (unit.serialOwner !== null && unit.serialOwner !== unit.chipId && options.serialNumber !== null) {
        database.units.setSerialNumber(
          database.units.recordSeen(unit.serialOwner, null, null, 0).unitId,
          options.serialNumber,
        );
      }
      for (const triple of unit.triples) {
        const row = put(options, triple, triple.secret, triple.state, unitId);
        if (row !== null && triple.lastSerial != null) giveSerial(options, row, unitId, triple.lastSerial);
      }
      if (unit.lastFailure !== null) {
        database.runs.add(options.earlier);
        database.runs.setUnit(options.earlier.runId, unitId);
        database.runs.finish(options.earlier.runId, 0, 'FAIL', {
          code: unit.lastFailure,
          phase: '',
          step: '',
          message: 'an earlier run',
          hint: null,
          details: {},
        });
      }
    }
    const others = facts.where.filter(
      ({ productId, deviceName }) => database.triples.findByName(productId, deviceName) === null,
    );
    for (const { at, ...name } of others) {
      const state = at === null ? null : STATE_OF[at];
      if (state === null || state === 'available') continue;
      put(options, name, null, state, database.units.recordSeen(OTHER_UNIT, null, null, 0).unitId);
    }
    // The pool issues the oldest triple first.
    if (claimed !== null) put(options, claimed, claimed.secret, 'available', null);
    else if (!facts.poolEmpty)
      put(options, { productId: options.productId, deviceName: SPARE_NAME }, null, 'available', null);
    for (const { at, ...name } of others) if (at === 'pool') put(options, name, null, 'available', null);
  });
}

const STATE_OF: Readonly<Record<NonNullable<LedgerPlace['at']>, IdentityState | null>> = {
  unknown: null,
  pool: 'available',
  'other-unit': 'burned',
  quarantined: 'quarantined',
  retired: 'retired',
  'own-retired': null,
};

function put(
  { database, vault, random }: SeedOptions,
  name: { readonly productId: string; readonly deviceName: string },
  shape: SecretShape | null,
  state: IdentityState,
  unitId: number | null,
): TripleRow | null {
  if (database.triples.findByName(name.productId, name.deviceName) !== null) return null;
  const secret = inventSecret(shape ?? SPARE_SECRET, (count) => random.bytes(count));
  if (secret === null) throw new Fault('bad-input', 'no secret can be generated for this recording');
  const sealed = vault.seal(secret, ownerOf(name));
  database.triples.add({ ...name, sealed, source: 'replay', lease: null }, 0);
  let row: TripleRow | null = database.triples.findByName(name.productId, name.deviceName);
  for (const event of EVENTS_TO[state]) {
    if (row !== null)
      row = database.triples.applyEvent(row, event, { at: 0, runId: null, note: 'replay' }, unitId);
  }
  return row;
}

/** Records a run of the unit under a serial number with its live triple, of which a unit has one. */
function giveSerial(
  { database, earlier }: SeedOptions,
  { tripleId }: TripleRow,
  unitId: number,
  serialNumber: string,
): void {
  const runId = `${earlier.runId}-serial`;
  database.runs.add({ ...earlier, runId, serialNumber });
  database.runs.setUnit(runId, unitId);
  database.runs.setTriple(runId, tripleId);
  database.runs.finish(runId, 0, 'FAIL', null);
}
