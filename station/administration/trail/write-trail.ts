import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileFaultCodeOf, isDiskFaultCode, makeDir } from '#node-kit/files/index.ts';
import { encodeCsvRow } from '#shared/codec/csv/index.ts';
import type { TrailFilter } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { exportName } from '../../results/reports/index.ts';

const BLOCK = 500;
const HEAD = ['number', 'time', 'person', 'role', 'action', 'subject', 'details', 'hash'];

export interface WrittenTrail {
  readonly path: string;
  readonly name: string;
  readonly count: number;
}

/**
 * Writes the entries of the audit trail as CSV to `exports/`, the oldest first, with the hash of each, so that the file
 * can be compared with the trail. Times are UTC. Faults: `disk-full`, `file-denied`, the signal's reason.
 */
export async function writeTrail(
  { clock, paths }: Platform,
  database: ReadableDatabase,
  { station, filter }: { readonly station: string; readonly filter: TrailFilter },
  signal: AbortSignal,
): Promise<WrittenTrail> {
  const dir = join(paths.dataDir, 'exports');
  const name = `${exportName(station, 'audit', clock.nowMs())}.csv`;
  const path = join(dir, name);
  let count = 0;
  function* lines(): Generator<string> {
    yield `\uFEFF${encodeCsvRow(HEAD)}`;
    for (let after = 0; ;) {
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
    makeDir(dir);
    await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600 }), { signal });
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const code = fileFaultCodeOf(cause);
    throw new Fault(isDiskFaultCode(code) ? code : 'file-denied', `${path} could not be written`, {
      hint: 'Free space on this disk, then try again.',
      cause,
    });
  }
  return { path, name, count };
}
