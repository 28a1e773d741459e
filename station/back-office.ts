import type { Batches } from './execution/batches/index.ts';
import type { ClockTrust } from './administration/clock-trust/index.ts';
import { type Archive, createArchive } from './execution/recording/index.ts';
import type { RegistryClient } from './registry-sync/client/index.ts';
import { createReports, type Reports } from './results/reports/index.ts';
import { createReturns, type Returns } from './returns/index.ts';
import type { SlotBank } from './execution/slots/index.ts';
import { createYields, type Yields } from './results/yield/index.ts';
import type { Announcements } from './topics.ts';
import type { Ground } from './core-services.ts';

export interface OfficeParts extends Ground {
  readonly announce: Pick<Announcements, 'exports' | 'yield'>;
  readonly registry: () => RegistryClient | null;
  readonly batches: Batches;
  readonly clockTrust: ClockTrust;
  readonly slots: SlotBank;
  /** The returns desk has changed who holds what. */
  readonly onReturn: () => void;
}

/** The desks beside the line: what comes back, what is told of the work and kept of it. */
export interface Office {
  readonly returns: Returns;
  readonly reports: Reports;
  readonly yields: Yields;
  readonly archive: Archive;
}

export function composeOffice(parts: OfficeParts): Office {
  const { announce, platform, database, ledger, audit, access, settings, registry, batches, slots } = parts;
  const station = (): string => settings.station();
  return {
    returns: createReturns({
      database,
      ledger,
      platform,
      audit,
      slots,
      batches,
      registry,
      station,
      approve: access.approve,
      onChange: parts.onReturn,
    }),
    reports: createReports({
      platform,
      database,
      station,
      clockTrust: parts.clockTrust,
      publish: (state) => announce.exports(state),
    }),
    yields: createYields({ platform, database, publish: (state) => announce.yield(state) }),
    archive: createArchive({
      dataDir: platform.paths.dataDir,
      clock: platform.clock,
      log: platform.log,
      limits: () => settings.recordings(),
      openRuns: () => database.runs.listUnfinished().map(({ runId }) => runId),
      hasEnded: (runId) => (database.runs.findById(runId)?.outcome ?? null) !== null,
      clockTrust: parts.clockTrust,
      notBeforeMs: (runId) => database.runs.getEarliestStartMs(runId),
      atWork: () => slots.running().length > 0,
    }),
  };
}
