import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';

/** Who asks, and of what. */
export interface EventContext {
  readonly store: Store;
  readonly vault: Pick<Vault, 'open'>;
  readonly station: string;
  /** May it retire and bind anew what another station made? */
  readonly hasDeskRight: boolean;
  /** What a constraint forbids is not looked for: the database will say so, without the reason. */
  readonly assumesUnique: boolean;
}
