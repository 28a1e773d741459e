import type Database from 'better-sqlite3';
import type { Fault } from '#shared/domain/fault.ts';
import type { FileFaultCode } from '../files/index.ts';

/** An open database that may be changed. */
export type WritableDatabase = Database.Database;

/** An open database that is only read: one that may be changed is one, too. */
export type ReadableDatabase = Pick<Database.Database, 'close' | 'name' | 'open' | 'prepare' | 'pragma'>;

/** One step of a schema. */
export interface Migration {
  /** The `user_version` after it; greater than that of the step before. Numbered in gaps, so that a fix fits between. */
  readonly version: number;
  readonly sql: string;
}

/** What tells the databases of one program from others, and its words for what can be wrong with one. */
export interface DatabaseFormat {
  /** Four letters in the file header (`application_id`): tells them from any other SQLite file. */
  readonly applicationId: number;
  /** All steps of the schema, in order. */
  readonly migrations: readonly Migration[];
  /** The fault `database-corrupt` with the advice of this program. */
  readonly corrupt: (file: string, why: string, cause?: unknown) => Fault;
  /** Advice in place of the usual one, by fault code. */
  readonly hints: Readonly<Partial<Record<FileFaultCode, string>>>;
}
