import type { Db } from '../db.ts';
import { JOURNAL } from './covered-tables.ts';
import { findRepairs, type SchemaRepair } from './compare-schema.ts';

/** Under which name the journal has what somebody did to the schema. */
export const SCHEMA = 'sqlite_schema';

/**
 * Sees that another program has changed the schema, before the station writes anything. A foreign trigger could change
 * a row while the station writes it; the digest would then be that of the changed row, and once the trigger is dropped
 * nothing would show it. So foreign triggers are removed, those of the migrations are put back, and the journal says so
 * for good. Other differences are noted, and left: verification names them as long as they are there.
 *
 * Call what it returns in each transaction, before anything else. It costs one read of the file's header.
 */
export function createSchemaWatch(db: Db): () => void {
  const cookie = db.prepare<[], number>('PRAGMA main.schema_version').pluck();
  const noted = db.prepare<[string, string]>(`SELECT 1 FROM ${JOURNAL} WHERE tbl = ? AND key = ?`);
  const note = db.prepare<[string, string]>(`INSERT INTO ${JOURNAL} (tbl, key) VALUES (?, ?)`);
  let known: number | null = null;
  return () => {
    const now = cookie.get();
    if (now === known) return;
    // An index changes nothing that is written.
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
    // What was written here may be undone with the transaction: the next one looks again.
    known = written ? null : (now ?? null);
  };
}

function repairTrigger(db: Db, { name, what, sql }: SchemaRepair): void {
  if (what !== 'missing') db.exec(`DROP TRIGGER main."${name.replaceAll('"', '""')}"`);
  if (sql !== null) db.exec(sql);
}
