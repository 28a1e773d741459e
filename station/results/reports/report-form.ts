import type { Yielder } from '#node-kit/async/index.ts';
import type { CsvForm, RunColumn } from '#shared/contract/index.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import type { FixedRunFilter, ReadableDatabase, RunDetails } from '../../core/database/index.ts';
import type { PdfStyle } from './pdf/kit/paper.ts';

/** A form of reports: one file in `forms/`, a line in `forms/index.ts` and one in `shared/contract/report-forms.ts`. */
export interface ReportForm {
  /** Raised by each change of what a file of this form has. */
  readonly version: number;
  /** True when it gives the thread up every few milliseconds, so that a small report may be written in the station's thread. */
  readonly hasShortTurns?: true;
  /**
   * The whole content of a file, in pieces of any length. The same records give the same bytes: it has no time of making and
   * nothing random. It calls `source.onRun` once for each run of the file, and `source.yielder` while it works.
   */
  write(source: ReportSource): AsyncGenerator<string | Uint8Array>;
}

/** How a PDF is made, and the titles of the phases and steps in it. */
export interface PdfOptions extends PdfStyle {
  readonly titles: RecipeNames;
}

/** Names that a person has given to columns. */
export type ColumnNames = Readonly<Partial<Record<RunColumn, string>>>;

/** The runs that match a filter. */
export interface RunListContent {
  readonly filter: FixedRunFilter;
  readonly columns: readonly RunColumn[];
  /** Other names of columns, for their headers. */
  readonly names?: ColumnNames | undefined;
  /** A column for each measurement; in JSON Lines the steps with their measurements. */
  readonly measurements: boolean;
}

/** What a report is about. Plain data. */
export type ReportSubject =
  /** The runs of a batch, oldest first. */
  | { readonly kind: 'batch'; readonly batchId: string }
  /** The runs that match a filter, newest first. */
  | ({ readonly kind: 'runs' } & RunListContent)
  /** The runs of one unit in all batches, oldest first. */
  | { readonly kind: 'unit'; readonly name: string; readonly runIds: readonly string[] }
  | { readonly kind: 'run'; readonly runId: string };

/** The records of one report. Runs that start after it was made are not in it. */
export interface ReportSource {
  readonly subject: ReportSubject;
  /** For further reads; each is a short one, so that the write-ahead log stays short. */
  readonly database: ReadableDatabase;
  /** `null` while the runs of a filter are not counted. */
  readonly totalRuns: number | null;
  /** 0 … 1: how much of the records was read, when this many runs are written. */
  readonly shareOf: (runs: number) => number;
  /** Of the subject `batch`: the last start of a run that is in the report, in ms since 1970. */
  readonly until: number;
  /**
   * The runs in the order of the subject, in pages of some fifty, with steps and measurements. Each call reads from the
   * beginning. The caller handles a page before it asks for the next one; `yielder` is called between two pages.
   */
  pages(): AsyncGenerator<readonly RunDetails[]>;
  /** As `pages`, without steps and measurements. */
  barePages(): AsyncGenerator<readonly RunDetails['run'][]>;
  readonly csv: CsvForm;
  /** Of WATS: the code of the test operation at the server. */
  readonly processCode: number | undefined;
  /** Of PDF. */
  readonly pdf: PdfOptions;
  readonly yielder: Yielder;
  /** Call it after each run of the file. */
  readonly onRun: () => void;
  readonly signal: AbortSignal;
}
