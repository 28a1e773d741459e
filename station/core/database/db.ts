/** An open database. */
export type { WritableDatabase as Db } from '#node-kit/sqlite/index.ts';
