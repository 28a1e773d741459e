/** State of the station as the pages see it: one store per section of the contract, and the settings of this browser. */
export { useBatch } from './batch.ts';
export { useClock } from './clock.ts';
export { useDryRun } from './dry-run.ts';
export { useFirmware } from './firmware.ts';
export { useHealth } from './health.ts';
export { type ConnectionState, useConnection } from './connection.ts';
export { useVersionMismatch } from './version-mismatch.ts';
export { usePool } from './pool.ts';
export { usePrinter } from './printer.ts';
export { type Theme, usePreferences } from './preferences.ts';
export { useSession } from './session.ts';
export { isOptional, SETUP_STEPS, type SetupStep, useSetup } from './setup.ts';
export { useSlots } from './slots.ts';
export { useStation } from './station.ts';
export { type SyncStatus, useSync } from './sync.ts';
export { useFileImport } from './use-file-import.ts';
export { useTopicHere } from './use-topic-here.ts';
export { useYield } from './yield.ts';
