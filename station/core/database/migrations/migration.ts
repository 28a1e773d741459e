/** One step of the schema, numbered in order; what has shipped is never edited, only followed. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
