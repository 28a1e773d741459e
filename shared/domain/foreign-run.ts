/** Where runs are imported from: the database of another station, or a file of records. */
export const FOREIGN_KINDS = ['station', 'csv', 'jsonl', 'atml', 'openhtf'] as const;
export type ForeignKind = (typeof FOREIGN_KINDS)[number];

/** What a column of a file of runs can be. */
export const RUN_ROLES = [
  'run', 'serial', 'mac', 'product', 'device', 'outcome', 'started', 'finished', 'ms', 'operator', 'station', 'batch', 'slot',
  'failure', 'phase', 'step', 'message', 'recipe', 'firmware', 'app', 'readback', 'online', 'unproven', 'failed',
] as const; // prettier-ignore
export type RunRole = (typeof RUN_ROLES)[number];
