import { readBeside, type ReaderBeside } from './read-beside.ts';

export interface DamageSearch {
  /** True: also compares each index with its table, and each value with the constraints of its column. Default false. */
  readonly isThorough?: boolean;
  /** Called with the part of a thorough search that is done, from 0 to 1. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Reads a whole database in a thread of its own, so that a large file does not hold up anything else. Returns what is
 * damaged in it, or null.
 *
 * ```ts
 * const damage = await findDamage('/data/station.db', signal);
 * ```
 *
 * Errors: those of SQLite, unconverted; the signal's reason.
 */
export async function findDamage(
  file: string,
  signal: AbortSignal,
  { isThorough = false, onProgress }: DamageSearch = {},
): Promise<string | null> {
  await using reader = readBeside(file, signal);
  const found = await verdictOf(reader, 'PRAGMA quick_check(1)');
  if (found !== null || !isThorough) return found;
  // Table by table, because SQLite reports no progress within one check. What belongs to no table was checked above.
  const tables = await tablesOf(reader);
  const total = tables.reduce((sum, { weight }) => sum + weight, 0);
  let done = total * WEIGHT_OF_QUICK_CHECK;
  const whole = total + done;
  for (const { name, weight } of tables) {
    onProgress?.(done / whole);
    const damage = await verdictOf(reader, `PRAGMA integrity_check(${quoted(name)})`);
    if (damage !== null) return damage;
    done += weight;
  }
  onProgress?.(1);
  return null;
}

/** Relative to the check of all tables with their indexes. */
const WEIGHT_OF_QUICK_CHECK = 0.3;

async function verdictOf(reader: ReaderBeside, pragma: string): Promise<string | null> {
  const [row] = await reader.all<Record<string, unknown>>(pragma);
  const verdict = String(Object.values(row ?? {})[0] ?? '');
  return verdict === 'ok' ? null : verdict;
}

/** The tables, each with about the number of its rows. */
async function tablesOf(reader: ReaderBeside): Promise<{ readonly name: string; readonly weight: number }[]> {
  const listed = await reader.all<{ name: string; isWithoutRowId: number }>(
    "SELECT name, wr AS isWithoutRowId FROM pragma_table_list WHERE schema = 'main' AND type = 'table'",
  );
  const tables = [];
  for (const { name, isWithoutRowId } of listed) {
    const [row] =
      isWithoutRowId === 1
        ? []
        : await reader.all<{ newest: number | null }>(`SELECT max(rowid) AS newest FROM ${quoted(name)}`);
    tables.push({ name, weight: Math.max(1, row?.newest ?? 1) });
  }
  return tables;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
