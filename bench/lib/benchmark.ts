/** One row of a benchmark's table: who did what, and figures whose names end with their unit. */
export interface BenchRow {
  readonly case: string;
  readonly subject: string;
  readonly [figure: string]: string | number;
}

export interface Bench {
  readonly purpose: string;
  /** Tells each row as it is known. */
  run(row: (row: BenchRow) => void, note: (text: string) => void): Promise<void>;
}
