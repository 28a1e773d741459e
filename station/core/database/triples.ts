import {
  type IdentityEvent,
  type IdentityState,
  IDENTITY_STATES,
  LIVE_STATES,
  nextIdentityState,
} from '#shared/domain/identity.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Db } from './database.ts';
import type { RunRow } from './runs.ts';

export interface TripleRow {
  readonly tripleId: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly secret: Uint8Array;
  readonly state: IdentityState;
  readonly unitId: number | null;
  /** The request id of its lease. */
  readonly lease: string | null;
  /** The only unit that may claim it, by chip id and by serial number; null when any may. */
  readonly boundMac: string | null;
  readonly boundSerial: string | null;
}

/** Number of claimed triples of a product and the time of the first claim, for the rate of consumption. */
export interface ClaimsRow {
  readonly productId: string;
  readonly claims: number;
  readonly firstAtMs: number;
  /** Of those, triples that were reserved for no unit; `freeFirstAtMs` is null without one. */
  readonly freeClaims: number;
  readonly freeFirstAtMs: number | null;
}

export interface NewTriple {
  readonly productId: string;
  readonly deviceName: string;
  readonly sealed: Uint8Array;
  readonly source: string;
  readonly lease: string | null;
  /** See `createSecretDigest`; omitted where the secret cannot be opened, and computed at the next start. */
  readonly secretDigest?: Uint8Array | undefined;
  readonly boundMac?: string | null | undefined;
  readonly boundSerial?: string | null | undefined;
}

/** The reason of a change, for the history of the triple. `note` is plain text, never a secret. */
export interface ChangeReason {
  readonly at: number;
  readonly runId: string | null;
  readonly note: string;
}

/** An event of a triple that has a unit; a return and another lease happen only to triples without one. */
export interface IdentityEventRow {
  readonly event: Exclude<IdentityEvent, 'give-back' | 'lease-again'>;
  readonly at: number;
  readonly runId: string | null;
  readonly note: string;
  readonly deviceName: string;
}

/** An identity that the registry has acknowledged, with the run of the message. */
export interface Acknowledged {
  readonly productId: string;
  readonly deviceName: string;
  readonly runId: string | null;
}

const COLUMNS =
  'triple_id AS tripleId, product_id AS productId, device_name AS deviceName, secret, state, unit_id AS unitId, lease, bound_mac AS boundMac, bound_serial AS boundSerial';
const LIVE = LIVE_STATES.map((state) => `'${state}'`).join(',');

/**
 * Triples and their history. States change only by `applyEvent`, and by `markRegistered` for many, along the state machine of
 * `shared/domain/identity.ts`.
 */
export function createTripleRepository(db: Db) {
  const byId = db.prepare<[number], TripleRow>(`SELECT ${COLUMNS} FROM triple WHERE triple_id = ?`);
  const byName = db.prepare<[string, string], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE product_id = ? AND device_name = ?`,
  );
  const liveOf = db.prepare<[number], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE unit_id = ? AND state IN (${LIVE})`,
  );
  const nextFree = db.prepare<[string], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE product_id = ? AND state = 'available' AND bound_mac IS NULL AND bound_serial IS NULL
     ORDER BY triple_id LIMIT 1`,
  );
  const ownOf = db.prepare<[string, string | null], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE bound_mac = ? AND state <> 'retired'
     UNION SELECT ${COLUMNS} FROM triple WHERE bound_serial = ? AND state <> 'retired'`,
  );
  const boundAvailable = db.prepare<[], { productId: string; n: number }>(
    `SELECT product_id AS productId, count(*) AS n FROM triple
     WHERE state = 'available' AND (bound_mac IS NOT NULL OR bound_serial IS NOT NULL) GROUP BY product_id`,
  );
  const bySecret = db.prepare<[Uint8Array], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE secret_digest IS NOT NULL AND secret_digest = ?`,
  );
  const hasOtherSecret = db
    .prepare<[Uint8Array | null, number], number | null>(
      'SELECT secret_digest <> ? FROM triple WHERE triple_id = ?',
    )
    .pluck();
  const inState = db.prepare<[string], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE state = ? ORDER BY triple_id`,
  );
  // The condition is that of the partial index, so that a start does not read the whole pool.
  const burning = db.prepare<[], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE state IN ('burning','in-doubt') AND state = 'burning' ORDER BY +triple_id`,
  );
  const ofUnit = db.prepare<[number], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE unit_id = ? ORDER BY triple_id`,
  );
  const byDeviceName = db.prepare<[string], TripleRow>(`SELECT ${COLUMNS} FROM triple WHERE device_name = ?`);
  const historyOfUnit = db.prepare<[number], IdentityEventRow>(
    `SELECT event, at, run_id AS runId, note, device_name AS deviceName
     FROM identity_event e JOIN triple USING (triple_id) WHERE e.unit_id = ? ORDER BY event_id`,
  );
  const boundRows = db.prepare<[], TripleRow & { chipId: string }>(
    `SELECT ${COLUMNS.replace('unit_id AS unitId', 'triple.unit_id AS unitId, chip_id AS chipId')}
     FROM triple JOIN unit USING (unit_id) ORDER BY triple_id`,
  );
  const insert = db.prepare<[NewTripleCells]>(`
    INSERT INTO triple (product_id, device_name, secret, state, source, lease, secret_digest, same_secret_as, bound_mac,
      bound_serial, created_at, changed_at)
    VALUES (:productId, :deviceName, :sealed, 'available', :source, :lease, :secretDigest, :twin, :boundMac, :boundSerial,
      :at, :at) ON CONFLICT (product_id, device_name) DO NOTHING`);
  // Most steps change only the state; each further column costs its indexes, triggers and references.
  const setState = db.prepare<[string, number, number]>(
    'UPDATE triple SET state = ?, changed_at = ? WHERE triple_id = ?',
  );
  const setUnit = db.prepare<[string, number | null, number, number]>(
    'UPDATE triple SET state = ?, unit_id = ?, return_id = NULL, changed_at = ? WHERE triple_id = ?',
  );
  const neverClaimed = db.prepare<[string], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE lease = ? AND state = 'available' AND NOT EXISTS (
       SELECT 1 FROM identity_event e WHERE e.triple_id = triple.triple_id AND event = 'claim') ORDER BY triple_id`,
  );
  const ofReturn = db.prepare<[string], TripleRow>(
    `SELECT ${COLUMNS} FROM triple WHERE return_id = ? AND state = 'returned' ORDER BY triple_id`,
  );
  const giveBack = db.prepare<[string, string, number, number]>(
    'UPDATE triple SET state = ?, return_id = ?, changed_at = ? WHERE triple_id = ?',
  );
  const leaseAgain = db.prepare<[string, string | null, Uint8Array, Uint8Array | null, number, number]>(
    `UPDATE triple SET state = ?, lease = ?, return_id = NULL, secret = ?, secret_digest = ?, same_secret_as = NULL,
       changed_at = ? WHERE triple_id = ?`,
  );
  const claims = db.prepare<[number, number], ClaimsRow>(
    `SELECT product_id AS productId, count(*) AS claims, min(at) AS firstAtMs,
       sum(bound_mac IS NULL AND bound_serial IS NULL) AS freeClaims,
       min(CASE WHEN bound_mac IS NULL AND bound_serial IS NULL THEN at END) AS freeFirstAtMs
     FROM identity_event JOIN triple USING (triple_id) WHERE event = 'claim' AND at BETWEEN ? AND ? GROUP BY product_id`,
  );
  const record = db.prepare(`
    INSERT INTO identity_event (triple_id, unit_id, run_id, event, from_state, to_state, at, note)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const registered = nextIdentityState('burned', 'register');
  // The plus signs make SQLite use the index of the name: many triples of the product are burned.
  const recordRegistered = db
    .prepare<[number, string], number>(
      `INSERT INTO identity_event (triple_id, unit_id, run_id, event, from_state, to_state, at, note)
       SELECT triple_id, unit_id, min(told.value ->> 2), 'register', state, '${registered}', ?, 'acknowledged by the registry'
       FROM json_each(?) told CROSS JOIN triple
       WHERE product_id = told.value ->> 0 AND device_name = told.value ->> 1 AND +state = 'burned'
       GROUP BY triple_id RETURNING triple_id`,
    )
    .pluck();
  const setRegistered = db.prepare<[number, string]>(
    `UPDATE triple SET state = '${registered}', changed_at = ? WHERE triple_id IN (SELECT value FROM json_each(?))`,
  );
  const counts = db.prepare<[], { productId: string; state: IdentityState; n: number }>(
    'SELECT product_id AS productId, state, count(*) AS n FROM triple GROUP BY product_id, state ORDER BY product_id',
  );
  const ofFiles = db.prepare<[], number>("SELECT count(*) FROM triple WHERE source <> 'lease'").pluck();
  const history = db.prepare<
    [number],
    { event: string; fromState: string; toState: string; at: number; runId: string | null; note: string }
  >(
    `SELECT event, from_state AS fromState, to_state AS toState, at, run_id AS runId, note
     FROM identity_event WHERE triple_id = ? ORDER BY event_id`,
  );

  const table = {
    /** Triples that were not leased: those of imported files. */
    countOfFiles: (): number => ofFiles.get() ?? 0,
    findById: (tripleId: number) => byId.get(tripleId) ?? null,
    findByName: (productId: string, deviceName: string) => byName.get(productId, deviceName) ?? null,
    findLiveOfUnit: (unitId: number) => liveOf.get(unitId) ?? null,
    /** True when the identity of a run was retired since, as by a write-off. */
    isRetired: ({ tripleId }: Pick<RunRow, 'tripleId'>): boolean =>
      tripleId !== null && byId.get(tripleId)?.state === 'retired',
    /** True for a unit whose run gave it an identity that is retired now, when it has got no other one since. */
    isVoid: ({ tripleId, unitId }: Pick<RunRow, 'tripleId' | 'unitId'>): boolean =>
      tripleId !== null &&
      byId.get(tripleId)?.state === 'retired' &&
      (unitId === null || liveOf.get(unitId) === undefined),
    /** The oldest triple that is reserved for no unit. */
    findNextFree: (productId: string) => nextFree.get(productId) ?? null,
    /** Triples that are reserved for this unit by its chip id or serial number, in any state but retired. */
    listBoundTo: (chipId: string, serialNumber: string | null) => ownOf.all(chipId, serialNumber),
    /** Number of available triples of each product that are reserved for a unit. */
    countBoundAvailable: () => new Map(boundAvailable.all().map(({ productId, n }) => [productId, n])),
    /** The triple with this secret. */
    findBySecret: (secretDigest: Uint8Array) => bySecret.get(secretDigest) ?? null,
    listInState: (state: IdentityState) => inState.all(state),
    /** Triples whose burn was begun and has no result. */
    listBurning: () => burning.all(),
    /** Every triple that ever belonged to the unit, including retired and quarantined ones. */
    listOfUnit: (unitId: number) => ofUnit.all(unitId),
    /** By DeviceName, of any product. */
    listByDeviceName: (deviceName: string) => byDeviceName.all(deviceName),
    /** The events of all triples while they belonged to this unit, oldest first. */
    listHistoryOfUnit: (unitId: number) => historyOfUnit.all(unitId),
    /** Every triple that has a unit, with that unit's chip. */
    listWithUnit: () => boundRows.all(),
    listHistory: (tripleId: number) => history.all(tripleId),

    /**
     * `known`: the name exists, in any state: names are never reused, except one that was returned and is leased again.
     * `twin`: another name has its secret. `contradicted`: a lease has it with another secret than a file had, and no unit
     * has it yet; then it is quarantined.
     */
    add(triple: NewTriple, at: number): 'added' | 'known' | 'twin' | 'contradicted' {
      const { productId, deviceName, sealed, lease, secretDigest = null } = triple;
      const existing = byName.get(productId, deviceName);
      const isBack = existing?.state === 'returned' && lease !== null && lease !== existing.lease;
      if (existing !== undefined && !isBack) {
        const isContradicted =
          lease !== null &&
          existing.state === 'available' &&
          hasOtherSecret.get(secretDigest, existing.tripleId) === 1;
        if (!isContradicted) return 'known';
        table.applyEvent(existing, 'conflict', {
          at,
          runId: null,
          note: 'the registry has another secret for it',
        });
        return 'contradicted';
      }
      const same = secretDigest === null ? undefined : bySecret.get(secretDigest);
      const twin = same !== undefined && same.tripleId !== existing?.tripleId ? same : null;
      if (existing !== undefined && twin === null) {
        const to = step(existing, 'lease-again');
        leaseAgain.run(to, lease, sealed, secretDigest, at, existing.tripleId);
        record.run(existing.tripleId, null, null, 'lease-again', existing.state, to, at, 'leased again');
        return 'added';
      }
      if (existing === undefined) insert.run(cellsOf(triple, twin, at));
      if (twin === null) return 'added';
      const row = existing ?? byName.get(productId, deviceName);
      if (row !== undefined)
        table.applyEvent(row, 'conflict', {
          at,
          runId: null,
          note: `its secret is that of ${twin.deviceName}`,
        });
      return 'twin';
    },

    /** Triples of a lease that were never claimed for any unit. */
    listNeverClaimed: (lease: string) => neverClaimed.all(lease),
    /** Removes a triple from the pool, to return it. Called in the transaction that writes the return. */
    giveBack(triple: TripleRow, returnId: string, reason: ChangeReason): void {
      const to = step(triple, 'give-back');
      giveBack.run(to, returnId, reason.at, triple.tripleId);
      record.run(triple.tripleId, null, reason.runId, 'give-back', triple.state, to, reason.at, reason.note);
    },
    /** Triples that were returned and not leased again. */
    listOfReturn: (returnId: string) => ofReturn.all(returnId),
    /** Claims of each product in a span of time, both ends included. */
    countClaims: (from: number, to: number): ClaimsRow[] => claims.all(from, to),

    /**
     * Changes the state of a triple. `unitId` is given for a claim and removed by a release.
     * Faults: `ledger-violation` when the state machine does not allow the event; then nothing is written.
     */
    applyEvent(
      triple: TripleRow,
      event: IdentityEvent,
      reason: ChangeReason,
      unitId: number | null = triple.unitId,
    ): TripleRow {
      const to = step(triple, event);
      const owner = to === 'available' ? null : unitId;
      if (owner === triple.unitId && to !== 'available') setState.run(to, reason.at, triple.tripleId);
      else setUnit.run(to, owner, reason.at, triple.tripleId);
      record.run(triple.tripleId, unitId, reason.runId, event, triple.state, to, reason.at, reason.note);
      return { ...triple, state: to, unitId: owner };
    },

    /**
     * Changes those that are burned to registered; the others stay as they are. Returns the number of changes. Two statements
     * for all, because thousands are acknowledged in a second.
     */
    markRegistered(acknowledged: readonly Acknowledged[], at: number): number {
      const acknowledgedRuns = acknowledged.map(({ productId, deviceName, runId }) => [
        productId,
        deviceName,
        runId,
      ]);
      const ids = recordRegistered.all(at, JSON.stringify(acknowledgedRuns));
      return setRegistered.run(at, JSON.stringify(ids)).changes;
    },

    /** Number of triples of each product in each state. */
    countByState(): { productId: string; states: Record<IdentityState, number> }[] {
      const products = new Map<string, Record<IdentityState, number>>();
      for (const { productId, state, n } of counts.all()) {
        const states = products.get(productId) ?? emptyCounts();
        states[state] = n;
        products.set(productId, states);
      }
      return [...products].map(([productId, states]) => ({ productId, states }));
    },
  };
  return table;
}
export type TripleRepository = ReturnType<typeof createTripleRepository>;

/** The parameters of the statement that adds a row. */
interface NewTripleCells {
  readonly productId: string;
  readonly deviceName: string;
  readonly sealed: Uint8Array;
  readonly source: string;
  readonly lease: string | null;
  readonly secretDigest: Uint8Array | null;
  readonly twin: number | null;
  readonly boundMac: string | null;
  readonly boundSerial: string | null;
  readonly at: number;
}

function cellsOf(triple: NewTriple, twin: TripleRow | null, at: number): NewTripleCells {
  const { productId, deviceName, sealed, source, lease } = triple;
  const { secretDigest = null, boundMac = null, boundSerial = null } = triple;
  const own = twin === null ? secretDigest : null;
  const name = { productId, deviceName };
  return {
    ...name,
    sealed,
    source,
    lease,
    secretDigest: own,
    twin: twin?.tripleId ?? null,
    boundMac,
    boundSerial,
    at,
  };
}

function step(triple: TripleRow, event: IdentityEvent): IdentityState {
  const to = nextIdentityState(triple.state, event);
  if (to !== null) return to;
  throw new Fault(
    'ledger-violation',
    `${triple.deviceName} is ${triple.state}: "${event}" cannot happen to it`,
    { hint: 'Nothing was changed. Run "triples audit" and tell support.' },
  );
}

function emptyCounts(): Record<IdentityState, number> {
  return Object.fromEntries(IDENTITY_STATES.map((state) => [state, 0])) as Record<IdentityState, number>;
}
