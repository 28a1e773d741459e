import { Fault } from '#shared/domain/fault.ts';
import type { AuditTrailReply, StationRunsReply } from '#shared/registry-api/index.ts';
import { openStationDatabaseForReading, type ReadableDatabase } from '../database/index.ts';
import { compareOutcomes, type OutcomeComparison } from './compare-outcomes.ts';

/** The registry, as far as the audit log needs it. */
export interface AuditedRegistry {
  readonly audit: {
    /** The registry's copy of this station's trail; null when it has none. */
    fetch(signal: AbortSignal): Promise<AuditTrailReply | null>;
  };
  /** The runs that the registry has of this station, by their ids after `after`; null when it does not report them. */
  stationRuns(after: string, signal: AbortSignal): Promise<StationRunsReply | null>;
}

/** Result of the comparison with the registry; `agrees` when the trail contains the registry's copy. */
export interface RegistryComparison {
  readonly registry: 'agrees' | 'rewritten' | 'unreachable' | 'unbound' | 'keeps-none';
  /** The first entry that is known to differ from the one that the registry has seen. */
  readonly rewrittenAt: number | null;
  readonly seenUpTo: number;
  /** Null when the registry does not report runs. */
  readonly outcomes: OutcomeComparison | null;
}

export interface AuditComparison {
  /** The first entry that differs from the registry's copy; null when the trail contains all of that copy. */
  readonly rewrittenAt: number | null;
  /** The last entry that the registry has seen. */
  readonly seenUpTo: number;
  /** Breaks that the registry found earlier and that were not accepted; the entry each begins with. */
  readonly openBreaks: readonly number[];
}

/**
 * Compares the trail with the registry's copy of it. This finds what the chain itself cannot show: an end that was
 * cut off, and a trail that was changed and chained anew.
 */
export function compareWithRegistry(database: ReadableDatabase, reply: AuditTrailReply): AuditComparison {
  const differing = reply.heads.filter(({ seq, hash }) => database.audit.findBySeq(seq)?.hash !== hash);
  return {
    rewrittenAt: differing.length === 0 ? null : Math.min(...differing.map(({ seq }) => seq)),
    seenUpTo: reply.head?.seq ?? 0,
    openBreaks: reply.breaks.filter(({ accepted }) => accepted === null).map(({ seq }) => seq),
  };
}

/**
 * Compares trail and runs of a data directory with what the registry has.
 *
 * @param registry null when the station is bound to none
 * Faults: those of the registry except `registry-unreachable`, which is a result; the signal's reason.
 */
export async function verifyAgainstRegistry(
  dataDir: string,
  database: ReadableDatabase,
  registry: AuditedRegistry | null,
  signal: AbortSignal,
): Promise<RegistryComparison> {
  const unknown = { rewrittenAt: null, seenUpTo: 0, outcomes: null };
  if (registry === null) return { registry: 'unbound', ...unknown };
  try {
    const reply = await registry.audit.fetch(signal);
    if (reply === null) return { registry: 'keeps-none', ...unknown };
    const { rewrittenAt, seenUpTo, openBreaks } = compareWithRegistry(database, reply);
    const at = [...openBreaks, ...(rewrittenAt === null ? [] : [rewrittenAt])];
    const outcomes = await compareRuns(dataDir, database, registry, signal);
    if (at.length === 0) return { registry: 'agrees', rewrittenAt: null, seenUpTo, outcomes };
    return { registry: 'rewritten', rewrittenAt: Math.min(...at), seenUpTo, outcomes };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'registry-unreachable') throw error;
    return { registry: 'unreachable', ...unknown };
  }
}

/** The acknowledged runs are read before the registry is asked; the runs of its answer are looked up afterwards. */
async function compareRuns(
  dataDir: string,
  before: ReadableDatabase,
  registry: AuditedRegistry,
  signal: AbortSignal,
): Promise<OutcomeComparison | null> {
  const now = openStationDatabaseForReading(dataDir);
  try {
    using _snapshot = before.readSnapshot();
    return await compareOutcomes(now, before, (after) => registry.stationRuns(after, signal));
  } finally {
    now.close();
  }
}
