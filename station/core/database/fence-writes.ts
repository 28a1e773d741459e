import type { Db } from './database.ts';

/**
 * Lets every statement that writes and stands alone go through `transaction`, so that what is checked there is checked
 * of every write, also of one that a table makes by itself. To be called before the tables prepare theirs.
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
