import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { AuditRow } from './audit.ts';

/** The content of a database that is not trusted, as far as it can be read. */
export interface Salvage {
  readonly audit: readonly AuditRow[];
  /** Names with their sealed secrets, in any state. */
  readonly triples: readonly {
    readonly productId: string;
    readonly deviceName: string;
    readonly sealed: Uint8Array;
    readonly source: string;
  }[];
  /** Messages that the registry had not acknowledged, and the requested ones. */
  readonly messages: readonly {
    readonly key: string;
    readonly orderKey: string;
    readonly kind: string;
    readonly payload: string;
    readonly createdAtMs: number;
  }[];
  readonly secretKeys: readonly {
    readonly keyId: number;
    readonly wrapped: Uint8Array;
    readonly at: number;
  }[];
  readonly runIds: readonly string[];
  /** Tables that could not be read completely. */
  readonly unreadable: readonly string[];
}

const TABLES = {
  audit: 'SELECT seq, at, actor, role, action, subject, details, hash FROM audit ORDER BY seq',
  triple:
    'SELECT product_id AS productId, device_name AS deviceName, secret AS sealed, source FROM triple ORDER BY triple_id',
  outbox: `SELECT key, lane AS orderKey, kind, payload, created_at AS createdAtMs FROM outbox
    WHERE state <> 'sent' OR key IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  secret_key: 'SELECT key_id AS keyId, wrapped, created_at AS at FROM secret_key ORDER BY key_id',
  run: 'SELECT run_id AS runId FROM run',
} as const;

const NOTHING: Salvage = {
  audit: [],
  triples: [],
  messages: [],
  secretKeys: [],
  runIds: [],
  unreadable: Object.keys(TABLES),
};

/**
 * Reads as much as possible; `unreadable` names the other tables. The file is opened for reading only. Faults: none.
 *
 * @param keys of messages that are needed although the registry has acknowledged them
 */
export function salvage(file: string, keys: readonly string[]): Salvage {
  if (!existsSync(file)) return NOTHING;
  let db: Database.Database;
  try {
    db = new Database(file, { readonly: true });
  } catch {
    return NOTHING;
  }
  const unreadable: string[] = [];
  const read = <T>(table: keyof typeof TABLES, ...asked: string[]): T[] => {
    const rows: T[] = [];
    try {
      for (const row of db.prepare<string[]>(TABLES[table]).iterate(...asked)) rows.push(row as T);
      // Lost pages are not reported by SQLite: every row of an index must be in the table.
      const problems = db.pragma(`integrity_check('${table}')`, { simple: true });
      if (problems !== 'ok') unreadable.push(table);
    } catch {
      unreadable.push(table);
    }
    return rows;
  };
  try {
    return {
      audit: read('audit'),
      triples: read('triple'),
      messages: read('outbox', JSON.stringify(keys)),
      secretKeys: read('secret_key'),
      runIds: read<{ runId: string }>('run').map(({ runId }) => runId),
      unreadable,
    };
  } finally {
    db.close();
  }
}
