import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { openStationDatabaseForReading, type WritableDatabase } from '../database/index.ts';
import { type AuditVerdict, verifyAudit } from './audit-trail.ts';
import { compareOutcomes, type OutcomeComparison } from './compare-outcomes.ts';
import { type RecordsVerdict, verifyRecords } from './verify-records.ts';
import { compareWithRegistry } from './verify-with.ts';

/** What the registry says of the trail; `agrees` when all that it keeps is in it. */
export interface RegistryVerdict {
  readonly registry: 'agrees' | 'rewritten' | 'unreachable' | 'unbound' | 'keeps-none';
  /** The first entry known to be another one than the registry saw. */
  readonly rewrittenAt: number | null;
  readonly seenUpTo: number;
  /** Null when the registry did not tell of runs. */
  readonly outcomes: OutcomeComparison | null;
}

export interface AuditReport {
  readonly trail: AuditVerdict;
  readonly records: RecordsVerdict;
  readonly witness: RegistryVerdict;
}

/**
 * Everything that can be said of a data directory's records: of the trail itself, of each record, and of both beside
 * what the registry has. It only reads, over connections of its own, and a station at work is not kept waiting.
 *
 * @param reach the registry that the station is bound to; null when it is bound to none.
 * @param onTurn see `verifyRecords`.
 * Faults: those of `openStationDatabaseForReading` and of `reach`, and the signal's reason.
 */
export async function verifyAll(
  dataDir: string,
  reach: (database: WritableDatabase) => Promise<RegistryClient | null>,
  signal: AbortSignal,
  onTurn?: (found: number) => void,
): Promise<AuditReport> {
  const database = openStationDatabaseForReading(dataDir);
  try {
    const trail = verifyAudit(database);
    const records = await verifyRecords(database, signal, onTurn);
    const registry = await reach(database);
    return { trail, records, witness: await hear(dataDir, database, registry, signal) };
  } finally {
    database.close();
  }
}

async function hear(
  dataDir: string,
  database: WritableDatabase,
  registry: RegistryClient | null,
  signal: AbortSignal,
): Promise<RegistryVerdict> {
  const unknown = { rewrittenAt: null, seenUpTo: 0, outcomes: null };
  if (registry === null) return { registry: 'unbound', ...unknown };
  try {
    const kept = await registry.audit.fetch(signal);
    if (kept === null) return { registry: 'keeps-none', ...unknown };
    const { rewrittenAt, seenUpTo, openBreaks } = compareWithRegistry(database, kept);
    const at = [...openBreaks, ...(rewrittenAt === null ? [] : [rewrittenAt])];
    const outcomes = await compare(dataDir, database, registry, signal);
    if (at.length === 0) return { registry: 'agrees', rewrittenAt: null, seenUpTo, outcomes };
    return { registry: 'rewritten', rewrittenAt: Math.min(...at), seenUpTo, outcomes };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'registry-unreachable') throw error;
    return { registry: 'unreachable', ...unknown };
  }
}

/** What was told is read before the registry is asked, and what it answers is looked up after that. */
async function compare(
  dataDir: string,
  before: WritableDatabase,
  registry: RegistryClient,
  signal: AbortSignal,
): Promise<OutcomeComparison | null> {
  const now = openStationDatabaseForReading(dataDir);
  try {
    using _still = before.readSnapshot();
    return await compareOutcomes(now, before, (after) => registry.stationRuns(after, signal));
  } finally {
    now.close();
  }
}
