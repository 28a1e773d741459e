/** Dry runs: a recipe is executed on a simulated unit, by another process that has nothing of this station. */
export { DryRuns, type DryRunOptions } from './dry-runs.ts';
export { dryRunHandlers } from './handlers.ts';
