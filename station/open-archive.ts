import type { ClockTrust } from './administration/clock-trust/index.ts';
import type { Settings } from './administration/settings/index.ts';
import type { WritableDatabase } from './core/database/index.ts';
import type { Platform } from './core/platform/index.ts';
import { Archive } from './execution/recording/index.ts';

/** The archive of recordings, with what it asks the other parts of the station. */
export function openArchive(
  { clock, log, paths }: Platform,
  { runs }: WritableDatabase,
  settings: Settings,
  removalGuard: ClockTrust,
  isTesting: () => boolean,
): Archive {
  return new Archive({
    dataDir: paths.dataDir,
    clock,
    log,
    limits: () => settings.recordings(),
    openRuns: () => runs.listUnfinished().map(({ runId }) => runId),
    hasEnded: (runId) => (runs.findById(runId)?.outcome ?? null) !== null,
    removalGuard,
    notBeforeMs: (runId) => runs.getEarliestStartMs(runId),
    isTesting,
  });
}
