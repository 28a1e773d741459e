/** Where runs are imported from: the database of another station, or a file of records. */
export const FOREIGN_KINDS = ['station', 'csv', 'jsonl', 'atml', 'openhtf'] as const;
export type ForeignKind = (typeof FOREIGN_KINDS)[number];
