import type { ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RemovalGuard } from '../../core/retention/index.ts';
import { Archive, type RecordingLimits } from './archive.ts';

/** The archive of the recordings of a station, which knows its runs. */
export function openArchive({
  platform: { paths, clock, log },
  database: { runs },
  settings,
  clockTrust,
  isTesting,
}: {
  readonly platform: Platform;
  readonly database: Pick<ReadableDatabase, 'runs'>;
  readonly settings: { recordings(): RecordingLimits };
  readonly clockTrust: RemovalGuard;
  readonly isTesting: () => boolean;
}): Archive {
  return new Archive({
    dataDir: paths.dataDir,
    clock,
    log,
    limits: () => settings.recordings(),
    openRuns: () => runs.listUnfinished().map(({ runId }) => runId),
    hasEnded: (runId) => (runs.findById(runId)?.outcome ?? null) !== null,
    removalGuard: clockTrust,
    notBeforeMs: (runId) => runs.getEarliestStartMs(runId),
    isTesting,
  });
}
