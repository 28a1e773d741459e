export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured log of the station. A field never has a secret. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` may be any thrown value; its message and stack are written. */
  error(event: string, error: unknown, fields?: LogFields): void;
  /** Number of lines that could not be written since the log was opened. */
  lost?(): number;
}
