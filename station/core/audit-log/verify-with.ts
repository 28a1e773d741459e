import type { AuditReply } from '#shared/registry-api/index.ts';
import type { WritableDatabase } from '../database/index.ts';

export interface AuditComparison {
  /** The first entry that is not what the registry has seen there; null when all it keeps is in the trail. */
  readonly rewrittenAt: number | null;
  /** How far the registry has seen the trail. */
  readonly seenUpTo: number;
  /** Breaks that the registry found earlier and nobody has accepted; the entry each begins with. */
  readonly openBreaks: readonly number[];
}

/**
 * Compares the trail with what the registry keeps of it. This finds what the chain itself cannot show: an end that was
 * cut off, and a trail that was changed and chained anew.
 */
export function compareWithRegistry(database: WritableDatabase, kept: AuditReply): AuditComparison {
  const differing = kept.heads.filter(({ seq, hash }) => database.audit.findBySeq(seq)?.hash !== hash);
  return {
    rewrittenAt: differing.length === 0 ? null : Math.min(...differing.map(({ seq }) => seq)),
    seenUpTo: kept.head?.seq ?? 0,
    openBreaks: kept.breaks.filter(({ accepted }) => accepted === null).map(({ seq }) => seq),
  };
}
