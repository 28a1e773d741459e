import type Database from 'better-sqlite3';
import type { Fault } from '#shared/domain/fault.ts';
import type { FileFaultCode } from '../files/index.ts';

/** An open database that may be changed. */
export type WritableDatabase = Database.Database;

/** An open database for reading; a `WritableDatabase` is one, too. */
export type ReadableDatabase = Pick<Database.Database, 'close' | 'name' | 'open' | 'prepare' | 'pragma'>;

/** One migration of a schema. */
export interface Migration {
  /** The `user_version` after it; ascending, with gaps for later corrections. */
  readonly version: number;
  readonly sql: string;
}

/** The format of the databases of one program, and the texts of its faults. */
export interface DatabaseFormat {
  /** Four letters in the file header (`application_id`), which distinguish the databases of this program. */
  readonly applicationId: number;
  /** All migrations, in order. */
  readonly migrations: readonly Migration[];
  /** Creates the fault `database-corrupt` with the hint of this program. */
  readonly corrupt: (file: string, why: string, cause?: unknown) => Fault;
  /** Hints that replace the default ones, by fault code. */
  readonly hints: Readonly<Partial<Record<FileFaultCode, string>>>;
}
