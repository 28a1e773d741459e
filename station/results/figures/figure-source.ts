import type { BatchFact, ReadableDatabase } from '../../core/database/index.ts';
import type { FactDelta } from './fact-delta.ts';
import type { FigureCache } from './figure-cache.ts';

/** Stored figures, and the runs that are not in them. */
export interface FigureSource {
  readonly database: ReadableDatabase;
  /** The row of the batch. */
  readonly batch: number;
  /** `null` while no run of the batch is stored. */
  readonly stored: BatchFact | null;
  readonly delta: FactDelta;
  /** For a batch that is read again and again. */
  readonly cache?: FigureCache | undefined;
}
