/** One sentence for each violation, by kind. */
export interface Findings {
  readonly duplicateIdentities: string[];
  readonly lostResults: string[];
  readonly duplicateEvents: string[];
  readonly orphanedTriples: string[];
  readonly unsettled: string[];
  readonly violations: string[];
  /** Balances that do not add up, alone or to the pool of the registry. */
  readonly unbalanced: string[];
  /** Papers of the label printers and records of prints that contradict each other. */
  readonly labels: string[];
  /** Attachments without their file, or with another one. */
  readonly attachments: string[];
  /** Reports that are missing, doubled or not whole. */
  readonly reports: string[];
  /** Closed batches without their one balance. */
  readonly closings: string[];
}

export function noFindings(): Findings {
  return {
    duplicateIdentities: [],
    lostResults: [],
    duplicateEvents: [],
    orphanedTriples: [],
    unsettled: [],
    violations: [],
    unbalanced: [],
    labels: [],
    attachments: [],
    reports: [],
    closings: [],
  };
}
