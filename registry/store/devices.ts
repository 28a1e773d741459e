import type { DeviceState, DeviceView } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** The facts of a device for binding, retirement and login. */
export interface DeviceFacts {
  readonly id: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly state: DeviceState;
  /** The station it belongs to: the one it was leased to, also once it is bound. */
  readonly leasedTo: string | null;
  readonly chipId: string | null;
  /** The lease act that quarantines it. */
  readonly quarantinedBy: number | null;
  /** Number of accepted logins. */
  readonly logins: number;
}

/** The unit that a device is bound to. */
export interface Binding {
  readonly deviceId: number;
  readonly chipId: string;
  readonly serialNumber: string | null;
  /** The station that the device belongs to. */
  readonly owner: string;
}

/** Triples and their states. Secrets are sealed. */
export interface DeviceTable {
  /** @param secretDigest without it, it is computed at the next start */
  insert(
    productId: string,
    deviceName: string,
    sealedSecret: Uint8Array,
    nowMs: number,
    secretDigest?: Uint8Array | null,
  ): void;
  /** The device that has this secret. */
  bySecret(secretDigest: Uint8Array): { readonly productId: string; readonly deviceName: string } | null;
  /** Devices whose secret has no digest yet, by number. */
  undigested(
    afterId: number,
    limit: number,
  ): {
    readonly id: number;
    readonly productId: string;
    readonly deviceName: string;
    readonly sealedSecret: Uint8Array;
  }[];
  /**
   * False when another device has this secret. The unused one of the two is then marked as a duplicate and never leased.
   */
  setDigest(id: number, secretDigest: Uint8Array): boolean;
  facts(productId: string, deviceName: string): DeviceFacts | null;
  factsByClientId(clientId: string): DeviceFacts | null;
  sealedSecret(id: number): Uint8Array;
  /** The live identity of a chip. */
  liveOnChip(chipId: string): DeviceFacts | null;
  /** The oldest available triples of a product without duplicates; up to `count`, or all for -1. */
  available(productId: string, count: number): { id: number; deviceName: string; sealedSecret: Uint8Array }[];
  countAvailable(productId: string): number;
  markLeased(id: number, station: string): void;
  markAvailable(id: number): void;
  /** Withholds the available triples of all products: they are not leased any more. Returns their number. */
  withholdAvailable(): number;
  /** Withholds one available triple. */
  withhold(id: number): void;
  /** Binds devices; each may occur once. */
  bind(bindings: readonly Binding[]): void;
  retire(id: number): void;
  /** True for a retired or quarantined device, which may not be connected. */
  isBlocked(id: number): boolean;
  view(productId: string, deviceName: string): DeviceView | null;
  /** Up to `limit` devices with ids above `afterId`, of one station or of all. */
  page(
    of: { readonly productId: string | null; readonly station: string | null },
    afterId: number,
    limit: number,
  ): { id: number; view: DeviceView }[];
  onChip(chipId: string): DeviceView[];
}

/** A raw row: it is read for each event, and objects with column names cost more than the values. */
type FactsCells = readonly [
  id: number,
  productId: string,
  deviceName: string,
  state: DeviceState,
  leasedTo: string | null,
  chipId: string | null,
  quarantinedBy: number | null,
  logins: number,
];

interface FactsRow {
  readonly id: number;
  readonly product_id: string;
  readonly device_name: string;
  readonly state: DeviceState;
  readonly leased_to: string | null;
  readonly chip_id: string | null;
  readonly quarantined_by: number | null;
}

interface ViewRow extends FactsRow {
  readonly serial_number: string | null;
  readonly connection: DeviceView['connection'];
  readonly first_seen_ms: number | null;
  readonly last_seen_ms: number | null;
  readonly logins: number;
  readonly firmware_version: string | null;
  readonly properties: string;
  readonly runs: number;
  readonly last_outcome: DeviceView['lastOutcome'];
  readonly owner: string | null;
}

/** For stations, whose versions know no other state, a withheld triple is leased: to no station. */
const STATE = `CASE WHEN quarantined_by IS NOT NULL AND state = 'leased' THEN 'quarantined'
  WHEN withheld = 1 THEN 'leased' ELSE state END AS state`;
const FACTS = `SELECT id, product_id, device_name, ${STATE}, leased_to, chip_id, quarantined_by, logins FROM devices`;
const VIEW = `SELECT id, product_id, device_name, ${STATE}, leased_to, chip_id, quarantined_by, serial_number, connection,
  first_seen_ms, last_seen_ms, logins, firmware_version, properties,
  (SELECT count(*) FROM runs WHERE device_id = devices.id) AS runs,
  (SELECT outcome FROM runs WHERE device_id = devices.id ORDER BY finished_at_ms DESC, runs.id DESC LIMIT 1)
    AS last_outcome,
  (SELECT owner FROM device_owners WHERE device_id = devices.id AND released_ms IS NULL) AS owner
  FROM devices`;

/** Triples that may be leased. */
const FREE = `state = 'available' AND withheld = 0 AND same_secret_as IS NULL`;

export function deviceTable(db: Db): DeviceTable {
  const insert = db.prepare<[string, string, string, Uint8Array, number, Uint8Array | null]>(
    `INSERT INTO devices (product_id, device_name, client_id, sealed_secret, created_ms, secret_digest)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const bySecret = db.prepare<[Uint8Array], { productId: string; deviceName: string }>(
    `SELECT product_id AS productId, device_name AS deviceName FROM devices
     WHERE secret_digest IS NOT NULL AND secret_digest = ?`,
  );
  const undigested = db.prepare<
    [number, number],
    { id: number; productId: string; deviceName: string; sealedSecret: Uint8Array }
  >(
    `SELECT id, product_id AS productId, device_name AS deviceName, sealed_secret AS sealedSecret FROM devices
     WHERE secret_digest IS NULL AND same_secret_as IS NULL AND id > ? ORDER BY id LIMIT ?`,
  );
  const setDigest = db.prepare<[Uint8Array, number]>(
    'UPDATE OR IGNORE devices SET secret_digest = ? WHERE id = ?',
  );
  const markDuplicate = db.prepare<[Uint8Array, number]>(
    'UPDATE devices SET same_secret_as = (SELECT id FROM devices WHERE secret_digest = ?) WHERE id = ?',
  );
  // The unused one of the two becomes the duplicate.
  const markUnusedDuplicate = db.prepare<[number, Uint8Array, number]>(
    `UPDATE devices SET secret_digest = NULL, same_secret_as = ? WHERE secret_digest = ? AND state = 'available'
       AND withheld = 0 AND (SELECT state <> 'available' OR withheld = 1 FROM devices WHERE id = ?)`,
  );
  const byName = db
    .prepare<[string, string], FactsCells>(`${FACTS} WHERE product_id = ? AND device_name = ?`)
    .raw();
  const byClientId = db.prepare<[string], FactsCells>(`${FACTS} WHERE client_id = ?`).raw();
  const byChip = db.prepare<[string], FactsCells>(`${FACTS} WHERE chip_id = ? AND state = 'bound'`).raw();
  const secret = db.prepare<[number], Uint8Array>('SELECT sealed_secret FROM devices WHERE id = ?').pluck();
  const free = db.prepare<[string, number], { id: number; device_name: string; sealed_secret: Uint8Array }>(
    `SELECT id, device_name, sealed_secret FROM devices
     WHERE product_id = ? AND ${FREE} ORDER BY id LIMIT ?`,
  );
  const countFree = db
    .prepare<[string], number>(`SELECT count(*) FROM devices WHERE product_id = ? AND ${FREE}`)
    .pluck();
  const leased = db.prepare<[string, number]>(
    `UPDATE devices SET state = 'leased', leased_to = ? WHERE id = ? AND state = 'available' AND withheld = 0`,
  );
  const withhold = db.prepare(`UPDATE devices SET withheld = 1 WHERE ${FREE}`);
  const withholdOne = db.prepare<[number]>(
    `UPDATE devices SET withheld = 1 WHERE id = ? AND state = 'available'`,
  );
  const freed = db.prepare<[number]>(
    `UPDATE devices SET state = 'available', leased_to = NULL
     WHERE id = ? AND state = 'leased' AND quarantined_by IS NULL`,
  );
  // One statement for all bindings of a request costs two thirds of one statement each.
  const bind = db.prepare<[string]>(
    `UPDATE devices SET state = 'bound', chip_id = given.chip, serial_number = coalesce(given.serial, serial_number),
       leased_to = given.owner, withheld = 0
     FROM (SELECT value ->> 0 AS device, value ->> 1 AS chip, value ->> 2 AS serial, value ->> 3 AS owner
       FROM json_each(?)) given
     WHERE devices.id = given.device AND state <> 'retired'`,
  );
  const retire = db.prepare<[number]>(`UPDATE devices SET state = 'retired', withheld = 0 WHERE id = ?`);
  const blocked = db
    .prepare<[number], number>(
      `SELECT 1 FROM devices WHERE id = ? AND (state = 'retired' OR quarantined_by IS NOT NULL)`,
    )
    .pluck();
  const viewOne = db.prepare<[string, string], ViewRow>(`${VIEW} WHERE product_id = ? AND device_name = ?`);
  const viewChip = db.prepare<[string], ViewRow>(`${VIEW} WHERE chip_id = ? ORDER BY id`);
  const page = db.prepare<
    [{ productId: string | null; station: string | null; afterId: number; limit: number }],
    ViewRow
  >(
    `${VIEW} WHERE id > :afterId AND (:productId IS NULL OR product_id = :productId)
       AND (:station IS NULL OR leased_to = :station) ORDER BY id LIMIT :limit`,
  );

  return {
    insert: (productId, deviceName, sealed, nowMs, secretDigest = null) =>
      void insert.run(productId, deviceName, productId + deviceName, sealed, nowMs, secretDigest),
    bySecret: (secretDigest) => bySecret.get(secretDigest) ?? null,
    undigested: (afterId, limit) => undigested.all(afterId, limit),
    setDigest(id, secretDigest) {
      if (setDigest.run(secretDigest, id).changes === 1) return true;
      if (markUnusedDuplicate.run(id, secretDigest, id).changes === 1) {
        setDigest.run(secretDigest, id);
        return false;
      }
      markDuplicate.run(secretDigest, id);
      return false;
    },
    facts: (productId, deviceName) => factsOf(byName.get(productId, deviceName)),
    factsByClientId: (clientId) => factsOf(byClientId.get(clientId)),
    sealedSecret(id) {
      const sealed = secret.get(id);
      if (sealed === undefined) throw new Error(`no device ${id}`);
      return sealed;
    },
    liveOnChip: (chipId) => factsOf(byChip.get(chipId)),
    available: (productId, count) =>
      free.all(productId, count).map((row) => ({
        id: row.id,
        deviceName: row.device_name,
        sealedSecret: row.sealed_secret,
      })),
    countAvailable: (productId) => countFree.get(productId) ?? 0,
    markLeased: (id, station) => changedOne(leased.run(station, id).changes),
    withholdAvailable: () => withhold.run().changes,
    withhold: (id) => changedOne(withholdOne.run(id).changes),
    markAvailable: (id) => changedOne(freed.run(id).changes),
    bind(bindings) {
      if (bindings.length === 0) return;
      const parameters = bindings.map(({ deviceId, chipId, serialNumber, owner }) => [
        deviceId,
        chipId,
        serialNumber,
        owner,
      ]);
      const { changes } = bind.run(JSON.stringify(parameters));
      if (changes !== bindings.length)
        throw new Error(`expected to bind ${bindings.length} devices, bound ${changes}`);
    },
    retire: (id) => changedOne(retire.run(id).changes),
    isBlocked: (id) => blocked.get(id) !== undefined,
    view(productId, deviceName) {
      const row = viewOne.get(productId, deviceName);
      return row === undefined ? null : viewOf(row);
    },
    page: ({ productId, station }, afterId, limit) =>
      page.all({ productId, station, afterId, limit }).map((row) => ({ id: row.id, view: viewOf(row) })),
    onChip: (chipId) => viewChip.all(chipId).map(viewOf),
  };
}

function factsOf(cells: FactsCells | undefined): DeviceFacts | null {
  if (cells === undefined) return null;
  const [id, productId, deviceName, state, leasedTo, chipId, quarantinedBy, logins] = cells;
  return { id, productId, deviceName, state, leasedTo, chipId, quarantinedBy, logins };
}

function viewOf(row: ViewRow): DeviceView {
  return {
    productId: row.product_id,
    deviceName: row.device_name,
    state: row.state,
    leasedTo: row.leased_to,
    chipId: row.chip_id,
    serialNumber: row.serial_number,
    connection: row.connection,
    firstSeenMs: row.first_seen_ms,
    lastSeenMs: row.last_seen_ms,
    logins: row.logins,
    firmwareVersion: row.firmware_version,
    properties: JSON.parse(row.properties) as Record<string, unknown>,
    runs: row.runs,
    lastOutcome: row.last_outcome,
    owner: row.owner,
  };
}

/** The updates above have conditions on the state: a device that changed its state in between is a defect. */
function changedOne(changes: number): void {
  if (changes !== 1) throw new Error(`expected to change one device, changed ${changes}`);
}
