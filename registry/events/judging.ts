import type { Store } from '../store/index.ts';

/** Who asks, and of what. */
export interface Judging {
  readonly store: Store;
  readonly station: string;
  /** What a constraint forbids is not looked for: the database will say so, without the reason. */
  readonly isUnique: boolean;
}
