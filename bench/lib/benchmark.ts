/** One row of a benchmark's table: the case, the software, and figures whose names end with their unit. */
export interface BenchmarkRow {
  readonly case: string;
  readonly subject: string;
  readonly [figure: string]: string | number;
}

export interface Benchmark {
  readonly purpose: string;
  /** Calls `row` for each row as soon as it is measured, and `log` for progress. */
  run(
    row: (row: BenchmarkRow) => void,
    log: (text: string) => void,
    options?: BenchmarkOptions,
  ): Promise<void>;
}

export interface BenchmarkOptions {
  /** How many runs, for a benchmark of many. */
  readonly runs?: number | undefined;
  /** Which forms, for the benchmark of reports; all when left out. */
  readonly forms?: readonly string[] | undefined;
  /** How long, for a benchmark that watches. */
  readonly seconds?: number | undefined;
}
