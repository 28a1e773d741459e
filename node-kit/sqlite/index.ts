/** Opening, migrating and locking SQLite databases, and errors of SQLite as faults. */
export { asDatabaseFault, sqliteFaultCodeOf } from './database-fault.ts';
export type { DatabaseFormat, Migration, ReadableDatabase, WritableDatabase } from './database-format.ts';
export { type DamageSearch, findDamage } from './find-damage.ts';
export { readBeside, type ReaderBeside } from './read-beside.ts';
export { tryLockFile } from './lock-file.ts';
export { migrateDatabase } from './migrate-database.ts';
export { openForWriting, requireOwnFormat, versionOf } from './open-for-writing.ts';
export { readSchema, schemaOf, type SchemaPart } from './schema-of.ts';
