/** A column as data. A slot of the table named like its key draws its cells; without one `text` is written. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly title: string;
  /** By this the rows are sorted. A column without it is neither sorted nor searched. */
  readonly value?: (row: Row) => string | number | null;
  /** The text of a cell, in which the search looks; default: `value`, and a dash for `null`. */
  readonly text?: (row: Row) => string;
  readonly align?: 'start' | 'end';
  /** A CSS width. */
  readonly width?: string;
  /** In the fixed-width font. */
  readonly mono?: boolean;
  /** Long text goes on in the next line instead of making the column wide. */
  readonly wrap?: boolean;
  /** Hidden until the user chooses the column. */
  readonly hidden?: boolean;
  /** Cannot be hidden. */
  readonly fixed?: boolean;
  /** The cell names its row for screen readers. */
  readonly rowHeader?: boolean;
  /** The title is for screen readers and the list of columns, not for the head. */
  readonly titleHidden?: boolean;
}

export interface TableSort {
  readonly key: string;
  readonly descending: boolean;
}

/** Which rows are asked of a server. */
export interface TableQuery {
  readonly sort: TableSort | null;
  /** What was typed into the search field, trimmed; '' for all rows. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

export interface TablePage<Row> {
  readonly rows: readonly Row[];
  /** How many rows the search has in all. */
  readonly total: number;
}

/** Loads one page of rows. A query that is no longer wanted is aborted by its signal. */
export type LoadRows<Row> = (query: TableQuery, signal: AbortSignal) => Promise<TablePage<Row>>;
