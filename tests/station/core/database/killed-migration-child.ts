/**
 * Opens the database of an older version, and kills itself after a number of statements that change it: `node
 * killed-migration-child.ts DIR N`. With 0 it prints the number of statements and works to its end.
 */
import { writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { openStationDatabase } from '../../../../station/core/database/index.ts';

const [dataDir = '', last = '0'] = process.argv.slice(2);
const killAfter = Number(last);
let statements = 0;

function step(): void {
  statements += 1;
  if (statements === killAfter) process.kill(process.pid, 'SIGKILL');
}

const { exec, pragma } = Database.prototype;
/** A migration is one text: its statements are executed one after the other, as SQLite itself does. */
Database.prototype.exec = function (this: Database.Database, sql: string): Database.Database {
  let statement = '';
  for (const part of sql.split(';')) {
    statement += `${part};`;
    if (!isComplete(this, statement)) continue;
    exec.call(this, statement);
    step();
    statement = '';
  }
  if (statement.replaceAll(/;|\s|--.*/g, '') !== '') throw new Error(`no end of a statement: ${statement}`);
  return this;
};
Database.prototype.pragma = function (this: Database.Database, ...args: Parameters<typeof pragma>): unknown {
  const result = pragma.apply(this, args);
  if (args[0].includes('=') || args[0].includes('checkpoint')) step();
  return result;
};

/** The end of a trigger is the `;` after its END: what is before cannot be parsed. */
function isComplete(db: Database.Database, statement: string): boolean {
  try {
    db.prepare(statement);
    return true;
  } catch (error) {
    return !(error as Error).message.includes('incomplete input') && !isEmptyStatement(error);
  }
}

function isEmptyStatement(error: unknown): boolean {
  return (error as Error).message.includes('no statements');
}

openStationDatabase(dataDir).close();
writeSync(1, String(statements));
