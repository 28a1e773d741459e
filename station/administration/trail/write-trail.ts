import { join } from 'node:path';
import { fileFaultCodeOf, isDiskFaultCode, makeDir, writeFileAtomic } from '#node-kit/files/index.ts';
import { encodeCsvRow } from '#shared/codec/csv/index.ts';
import type { TrailFilter } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { exportName, freeExportName } from '../../results/reports/index.ts';

const BLOCK = 500;
const HEAD = ['number', 'time', 'person', 'role', 'action', 'subject', 'details', 'hash'];

export interface WrittenTrail {
  readonly path: string;
  readonly name: string;
  readonly count: number;
}

/**
 * Writes the entries of the audit trail as CSV to `exports/`, the oldest first, with the hash of each, so that the file
 * can be compared with the trail; complete or not at all. Times are UTC. Faults: `disk-full`, `file-denied`, the signal's reason.
 *
 * @param writing names of the trails that are being written
 */
export async function writeTrail(
  { clock, paths }: Platform,
  database: ReadableDatabase,
  {
    station,
    filter,
    writing,
  }: { readonly station: string; readonly filter: TrailFilter; readonly writing: Set<string> },
  signal: AbortSignal,
): Promise<WrittenTrail> {
  const dir = join(paths.dataDir, 'exports');
  const name = freeExportName(dir, writing, exportName(station, 'audit', clock.nowMs()), 'csv');
  const path = join(dir, name);
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    yield `\uFEFF${encodeCsvRow(HEAD)}`;
    for (let after = 0; ;) {
      throwIfAborted(signal);
      const rows = database.audit.listAfter(filter, after, BLOCK);
      for (const { seq, at, actor, role, action, subject, details, hash } of rows) {
        yield encodeCsvRow([seq, new Date(at).toISOString(), actor, role, action, subject, details, hash]);
        count += 1;
        after = seq;
      }
      if (rows.length < BLOCK) return;
    }
  }
  try {
    writing.add(name);
    makeDir(dir);
    await writeFileAtomic(path, lines(), { mode: 0o600, signal });
  } catch (cause) {
    throwIfAborted(signal);
    const code = fileFaultCodeOf(cause);
    throw new Fault(isDiskFaultCode(code) ? code : 'file-denied', `${path} could not be written`, {
      hint: 'Free space on this disk, then try again.',
      cause,
    });
  } finally {
    writing.delete(name);
  }
  return { path, name, count };
}
