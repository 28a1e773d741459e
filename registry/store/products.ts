import { DEVICE_STATES, type ProductView } from '#shared/registry-api/index.ts';
import type { Db } from './open-database.ts';

/** Products, the counts of their triples, and the numbers of new DeviceNames. */
export interface ProductTable {
  upsert(productId: string, name: string, nowMs: number): void;
  exists(productId: string): boolean;
  get(productId: string): ProductView | null;
  list(): ProductView[];
  /** The last number of a DeviceName with this prefix; 0 without one. */
  lastNumber(productId: string, prefix: string): number;
  setLastNumber(productId: string, prefix: string, lastNumber: number): void;
  /** An upper bound of all numbers: the sum of the last ones. */
  numbersGiven(): number;
  /** New numbers of every prefix are greater than this. */
  startNumbersAt(number: number): void;
}

type StoredState = (typeof DEVICE_STATES)[number];

interface ProductRow {
  readonly product_id: string;
  readonly name: string;
  readonly created_ms: number;
}

export function productTable(db: Db): ProductTable {
  const upsert = db.prepare<[string, string, number]>(
    `INSERT INTO products (product_id, name, created_ms) VALUES (?, ?, ?)
     ON CONFLICT (product_id) DO UPDATE SET name = excluded.name`,
  );
  const one = db.prepare<[string], ProductRow>('SELECT * FROM products WHERE product_id = ?');
  const all = db.prepare<[], ProductRow>('SELECT * FROM products ORDER BY product_id');
  const quarantined = db
    .prepare<[string], number>(
      'SELECT count(*) FROM devices WHERE quarantined_by IS NOT NULL AND product_id = ?',
    )
    .pluck();
  const counts = db.prepare<[string], { state: StoredState; n: number }>(
    'SELECT state, count(*) AS n FROM devices WHERE product_id = ? GROUP BY state',
  );
  const getNumber = db
    .prepare<[string, string], number>(
      'SELECT last_number FROM name_counters WHERE product_id = ? AND prefix = ?',
    )
    .pluck();
  const setNumber = db.prepare<[string, string, number]>(
    `INSERT INTO name_counters (product_id, prefix, last_number) VALUES (?, ?, ?)
     ON CONFLICT (product_id, prefix) DO UPDATE SET last_number = excluded.last_number`,
  );

  const issuedNumbers = db
    .prepare<[], number>('SELECT coalesce(sum(last_number), 0) FROM name_counters')
    .pluck();
  const floor = db.prepare<[], Buffer>("SELECT value FROM meta WHERE name = 'numbers.floor'").pluck();
  const floorOf = (): number => Number(floor.get()?.toString() ?? 0);
  const setFloor = db.prepare<[Uint8Array]>(
    `INSERT INTO meta (name, value) VALUES ('numbers.floor', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  );

  function view(row: ProductRow): ProductView {
    const barred = quarantined.get(row.product_id) ?? 0;
    const byState = new Map(counts.all(row.product_id).map(({ state, n }) => [state, n]));
    return {
      productId: row.product_id,
      name: row.name,
      createdMs: row.created_ms,
      counts: Object.fromEntries(DEVICE_STATES.map((state) => [state, byState.get(state) ?? 0])) as Record<
        StoredState,
        number
      >,
      ...(barred === 0 ? {} : { quarantined: barred }),
    };
  }

  return {
    upsert: (productId, name, nowMs) => void upsert.run(productId, name, nowMs),
    exists: (productId) => one.get(productId) !== undefined,
    get(productId) {
      const row = one.get(productId);
      return row === undefined ? null : view(row);
    },
    list: () => all.all().map(view),
    lastNumber: (productId, prefix) => Math.max(getNumber.get(productId, prefix) ?? 0, floorOf()),
    numbersGiven: () => Math.max(issuedNumbers.get() ?? 0, floorOf()),
    startNumbersAt: (number) => void setFloor.run(Buffer.from(String(number))),
    setLastNumber: (productId, prefix, lastNumber) => void setNumber.run(productId, prefix, lastNumber),
  };
}
