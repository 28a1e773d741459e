import type { StationRight } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** `added`: the registry made the token; `enrolled`: the station made it and used the enrolment token. */
export type StationOrigin = 'added' | 'enrolled';

export interface StationRow {
  readonly name: string;
  readonly rights: readonly StationRight[];
  readonly origin: StationOrigin;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

/** Stations and the hashes of their tokens. Rows are never deleted. */
export interface StationTable {
  insert(station: Omit<StationRow, 'revokedAtMs'> & { readonly tokenSha256: Uint8Array }): void;
  /** The station of a token, revoked or not. */
  byToken(tokenSha256: Uint8Array): StationRow | null;
  /** The row with a valid token. */
  byName(name: string): StationRow | null;
  /** True when the name ever had a token. */
  hasEver(name: string): boolean;
  /** False without a valid token. */
  revoke(name: string, nowMs: number): boolean;
  setRights(name: string, rights: readonly StationRight[]): boolean;
  list(): StationRow[];
  /** Names that sent requests and never had a token. */
  withoutToken(): string[];
}

interface Cells {
  readonly name: string;
  readonly rights: string;
  readonly origin: StationOrigin;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
}

/** The name under which older registries leased what no station may have. No station can have it: it ends with a blank. */
const WITHHELD = 'held back ';

const SELECT = `SELECT name, rights, came AS origin, created_ms AS createdAtMs, revoked_ms AS revokedAtMs FROM stations`;

export function stationTable(db: Db): StationTable {
  const insert = db.prepare<[string, Uint8Array, string, string, number]>(
    'INSERT INTO stations (name, token_sha256, rights, came, created_ms) VALUES (?, ?, ?, ?, ?)',
  );
  const byToken = db.prepare<[Uint8Array], Cells>(`${SELECT} WHERE token_sha256 = ?`);
  const byName = db.prepare<[string], Cells>(`${SELECT} WHERE name = ? AND revoked_ms IS NULL`);
  const ever = db.prepare<[string], number>('SELECT 1 FROM stations WHERE name = ? LIMIT 1').pluck();
  const revoke = db.prepare<[number, string]>(
    'UPDATE stations SET revoked_ms = ? WHERE name = ? AND revoked_ms IS NULL',
  );
  const rights = db.prepare<[string, string]>(
    'UPDATE stations SET rights = ? WHERE name = ? AND revoked_ms IS NULL',
  );
  const list = db.prepare<[], Cells>(`${SELECT} ORDER BY name, station_id`);
  const others = db
    .prepare<[], string>(
      `SELECT station FROM leases WHERE station <> '${WITHHELD}'
       UNION SELECT station FROM events UNION SELECT station FROM audit_heads
       EXCEPT SELECT name FROM stations ORDER BY 1`,
    )
    .pluck();

  return {
    insert: ({ name, tokenSha256, rights: granted, origin, createdAtMs }) =>
      void insert.run(name, tokenSha256, JSON.stringify(granted), origin, createdAtMs),
    byToken: (tokenSha256) => rowOf(byToken.get(tokenSha256)),
    byName: (name) => rowOf(byName.get(name)),
    hasEver: (name) => ever.get(name) !== undefined,
    revoke: (name, nowMs) => revoke.run(nowMs, name).changes === 1,
    setRights: (name, granted) => rights.run(JSON.stringify(granted), name).changes === 1,
    list: () => list.all().flatMap((cells) => rowOf(cells) ?? []),
    withoutToken: () => others.all(),
  };
}

function rowOf(cells: Cells | undefined): StationRow | null {
  if (cells === undefined) return null;
  return { ...cells, rights: JSON.parse(cells.rights) as StationRight[] };
}
