import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import type { Access, SamplePeople } from './administration/people/index.ts';
import type { Batches } from './execution/batches/index.ts';
import type { Firmware } from './firmware/index.ts';
import type { Pool, TripleFiles } from './identity/index.ts';
import type { Platform } from './core/platform/index.ts';
import type { Reports } from './results/reports/index.ts';
import type { Returns } from './returns/index.ts';
import type { Settings } from './administration/settings/index.ts';
import type { ScanRouter, SlotBank } from './execution/slots/index.ts';
import type { StationConfig } from './config.ts';
import type { Store } from './core/database/index.ts';
import type { Sync } from './registry-sync/index.ts';
import type { Yields } from './results/yield/index.ts';

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
