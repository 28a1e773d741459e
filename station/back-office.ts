import type { Batches } from './execution/batches/index.ts';
import type { ClockTrust } from './administration/clock-trust/index.ts';
import { type Archive, createArchive } from './execution/recording/index.ts';
import type { RegistryClient } from './registry-sync/client/index.ts';
import { createReports, type Reports } from './results/reports/index.ts';
import { createReturns, type Returns } from './returns/index.ts';
import type { Slots } from './execution/slots/index.ts';
import { createYields, type Yields } from './results/yield/index.ts';
import type { Announcements } from './topics.ts';
import type { Ground } from './core-services.ts';

export interface OfficeParts extends Ground {
  readonly announce: Pick<Announcements, 'exports' | 'yield'>;
  readonly registry: () => RegistryClient | null;
  readonly batches: Batches;
  readonly clockTrust: ClockTrust;
  readonly slots: Slots;
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
  const { announce, platform, store, ledger, audit, access, settings, registry, batches, slots } = parts;
  const station = (): string => settings.station();
  return {
    returns: createReturns({
      store,
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
      store,
      station,
      clockTrust: parts.clockTrust,
      publish: (state) => announce.exports(state),
    }),
    yields: createYields({ platform, store, publish: (state) => announce.yield(state) }),
    archive: createArchive({
      dataDir: platform.paths.dataDir,
      clock: platform.clock,
      log: platform.log,
      limits: () => settings.recordings(),
      openRuns: () => store.runs.unfinished().map(({ runId }) => runId),
      hasEnded: (runId) => (store.runs.byId(runId)?.outcome ?? null) !== null,
      clockTrust: parts.clockTrust,
      notBeforeMs: (runId) => store.runs.notBefore(runId),
      isTesting: () => slots.running().length > 0,
    }),
  };
}
