/** Columns of a list of runs and of its export. */
export const RUN_COLUMNS = [
  'startedAt',
  'serialNumber',
  'unitId',
  'outcome',
  'failure',
  'failureStep',
  'failureMessage',
  'deviceName',
  'batch',
  'recipe',
  'slot',
  'operator',
  'station',
  'finishedAt',
  'durationMs',
  'runId',
] as const;
export type RunColumn = (typeof RUN_COLUMNS)[number];
