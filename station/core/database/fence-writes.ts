import type { Db } from './database.ts';

/**
 * Runs every writing statement outside of a transaction through `transaction`, so that its checks cover each write of a
 * repository. Called before the repositories prepare their statements.
 */
export function fenceWrites(db: Db, transaction: <T>(work: () => T) => T): void {
  const prepare = db.prepare.bind(db);
  const fenced = (source: string): ReturnType<Db['prepare']> => {
    const statement = prepare(source);
    if (statement.readonly) return statement;
    const run = statement.run.bind(statement);
    statement.run = (...values) => (db.inTransaction ? run(...values) : transaction(() => run(...values)));
    if (!statement.reader) return statement;
    const [get, all] = [statement.get.bind(statement), statement.all.bind(statement)];
    statement.get = (...values) => (db.inTransaction ? get(...values) : transaction(() => get(...values)));
    statement.all = (...values) => (db.inTransaction ? all(...values) : transaction(() => all(...values)));
    return statement;
  };
  Object.assign(db, { prepare: fenced });
}
