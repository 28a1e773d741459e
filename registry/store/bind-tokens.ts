import type { BindTokenState } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** A token as it is stored: `expired` is computed from its end. */
export interface BindTokenRow {
  readonly id: number;
  readonly tokenId: string;
  readonly station: string;
  readonly key: string;
  readonly productId: string;
  /** Null: for any device of the product. */
  readonly deviceId: number | null;
  readonly deviceName: string | null;
  readonly batchId: string | null;
  readonly state: Exclude<BindTokenState, 'expired'>;
  readonly madeMs: number;
  readonly expiresMs: number;
  readonly reportedBy: number | null;
  readonly reporterName: string | null;
  readonly reportedMs: number | null;
  readonly refusedProduct: string | null;
  readonly refusedName: string | null;
  readonly refusedMs: number | null;
  readonly owner: string | null;
}

export interface NewBindToken {
  readonly tokenId: string;
  /** Keyed, 32 bytes. */
  readonly digest: Uint8Array;
  readonly station: string;
  readonly key: string;
  readonly productId: string;
  readonly deviceId: number | null;
  readonly batchId: string | null;
  readonly madeMs: number;
  readonly expiresMs: number;
}

/** Provisioning tokens. Their states go forward only; the database refuses every other change. */
export interface BindTokenTable {
  add(token: NewBindToken): void;
  byId(tokenId: string): BindTokenRow | null;
  byKey(station: string, key: string): BindTokenRow | null;
  byDigest(digest: Uint8Array): BindTokenRow | null;
  markReported(id: number, deviceId: number, nowMs: number): void;
  /** Remembers the latest device whose report was refused. */
  setRefused(id: number, deviceId: number, nowMs: number): void;
  setState(id: number, state: BindTokenRow['state']): void;
  /** True when the device is being provisioned: it may report a token of its own, or has reported one and is not bound yet. */
  isAwaitedFrom(deviceId: number, productId: string, nowMs: number): boolean;
}

const SELECT = `SELECT t.id, t.token_id AS tokenId, t.station, t.key, t.product_id AS productId, t.device_id AS deviceId,
  d.device_name AS deviceName, t.batch_id AS batchId, t.state, t.made_ms AS madeMs, t.expires_ms AS expiresMs,
  t.reported_by AS reportedBy, r.device_name AS reporterName, t.reported_ms AS reportedMs,
  f.product_id AS refusedProduct, f.device_name AS refusedName, t.refused_ms AS refusedMs, o.owner
  FROM bind_tokens t LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN devices r ON r.id = t.reported_by
  LEFT JOIN devices f ON f.id = t.refused_by LEFT JOIN device_owners o ON o.token = t.id`;

export function bindTokenTable(db: Db): BindTokenTable {
  const add = db.prepare<NewBindToken>(
    `INSERT INTO bind_tokens (token_id, digest, station, key, product_id, device_id, batch_id, state, made_ms, expires_ms)
     VALUES (:tokenId, :digest, :station, :key, :productId, :deviceId, :batchId, 'made', :madeMs, :expiresMs)`,
  );
  const byId = db.prepare<[string], BindTokenRow>(`${SELECT} WHERE t.token_id = ?`);
  const byKey = db.prepare<[string, string], BindTokenRow>(`${SELECT} WHERE t.station = ? AND t.key = ?`);
  const byDigest = db.prepare<[Uint8Array], BindTokenRow>(`${SELECT} WHERE t.digest = ?`);
  const reported = db.prepare<[number, number, number]>(
    `UPDATE bind_tokens SET state = 'reported', reported_by = ?, reported_ms = ? WHERE id = ? AND state = 'made'`,
  );
  const refused = db.prepare<[number, number, number]>(
    'UPDATE bind_tokens SET refused_by = ?, refused_ms = ? WHERE id = ?',
  );
  const awaited = db
    .prepare<{ deviceId: number; productId: string; nowMs: number }, number>(
      `SELECT EXISTS (SELECT 1 FROM bind_tokens WHERE product_id = :productId AND expires_ms > :nowMs
       AND (state = 'made' AND device_id = :deviceId
         OR state = 'reported' AND reported_by = :deviceId))`,
    )
    .pluck();
  const setState = db.prepare<[string, number]>('UPDATE bind_tokens SET state = ? WHERE id = ?');
  return {
    add: (token) => void add.run(token),
    byId: (tokenId) => byId.get(tokenId) ?? null,
    byKey: (station, key) => byKey.get(station, key) ?? null,
    byDigest: (digest) => byDigest.get(digest) ?? null,
    markReported(id, deviceId, nowMs) {
      const { changes } = reported.run(deviceId, nowMs, id);
      if (changes !== 1) throw new Error(`token ${id} was not made`);
    },
    setRefused: (id, deviceId, nowMs) => void refused.run(deviceId, nowMs, id),
    setState: (id, state) => void setState.run(state, id),
    isAwaitedFrom: (deviceId, productId, nowMs) => awaited.get({ deviceId, productId, nowMs }) === 1,
  };
}
