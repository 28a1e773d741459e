import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import type { Access, SamplePeople } from '../access/index.ts';
import type { Batches } from '../batches/index.ts';
import type { Firmware } from '../firmware/index.ts';
import type { Pool, TripleFiles } from '../identity/index.ts';
import type { Platform } from '../platform/index.ts';
import type { Reports } from '../reports/index.ts';
import type { Returns } from '../returns/index.ts';
import type { Settings } from '../settings/index.ts';
import type { ScanRouter, SlotBank } from '../slots/index.ts';
import type { StationConfig } from '../config.ts';
import type { Store } from '../store/index.ts';
import type { Sync } from '../sync/index.ts';
import type { Yields } from '../yield/index.ts';

/** What the handlers delegate to. */
export interface ApiParts {
  readonly platform: Platform;
  readonly config: StationConfig;
  readonly store: Store;
  readonly settings: Settings;
  readonly batches: Batches;
  readonly slots: SlotBank;
  readonly scans: ScanRouter;
  readonly pool: Pool;
  readonly tripleFiles: TripleFiles;
  readonly sync: Sync;
  readonly reports: Reports;
  readonly yields: Yields;
  readonly returns: Returns;
  readonly access: Access;
  readonly samplePeople: SamplePeople;
  readonly firmware: Firmware;
}

/** The handlers of one section of the contract. */
export type Section<Prefix extends string> = Pick<
  Handlers<StationContract>,
  Extract<keyof StationContract['calls'], `${Prefix}.${string}`>
>;
