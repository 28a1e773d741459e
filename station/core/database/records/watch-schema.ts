import type { Db } from '../db.ts';
import { JOURNAL } from './covered-tables.ts';
import { findRepairs, type SchemaRepair } from './compare-schema.ts';

/** Name of foreign changes of the schema in the journal. */
export const SCHEMA = 'sqlite_schema';

/**
 * Detects that another program has changed the schema, before the station writes. A foreign trigger could change a row
 * while the station writes it; the digest would be that of the changed row, and nothing would show it once the trigger is
 * dropped. Foreign triggers are therefore removed, those of the migrations are restored, and the journal records both.
 * Other differences are recorded and stay; verification reports them.
 *
 * The returned function is called first in each transaction. It costs one read of the file's header.
 */
export function createSchemaWatch(db: Db): () => void {
  const cookie = db.prepare<[], number>('PRAGMA main.schema_version').pluck();
  const noted = db.prepare<[string, string]>(`SELECT 1 FROM ${JOURNAL} WHERE tbl = ? AND key = ?`);
  const note = db.prepare<[string, string]>(`INSERT INTO ${JOURNAL} (tbl, key) VALUES (?, ?)`);
  let lastVersion: number | null = null;
  return () => {
    const now = cookie.get();
    if (now === lastVersion) return;
    // An index does not change rows.
    const repairs = findRepairs(db).filter(({ type }) => type !== 'index');
    let written = false;
    for (const repair of repairs) {
      const { type, name, what } = repair;
      if (type === 'trigger') repairTrigger(db, repair);
      const key = `${type} ${name} ${what}`;
      const isNew = noted.get(SCHEMA, key) === undefined;
      if (isNew) note.run(SCHEMA, key);
      written ||= isNew || type === 'trigger';
    }
    // The transaction may be rolled back: the next one checks again.
    lastVersion = written ? null : (now ?? null);
  };
}

function repairTrigger(db: Db, { name, what, sql }: SchemaRepair): void {
  if (what !== 'missing') db.exec(`DROP TRIGGER main."${name.replaceAll('"', '""')}"`);
  if (sql !== null) db.exec(sql);
}
