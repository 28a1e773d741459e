export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured log of the station; a field never holds a secret. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` may be anything thrown; only its own text and stack are written, to the log alone. */
  error(event: string, error: unknown, fields?: LogFields): void;
  /** Lines that could not be written since it was opened. */
  lost?(): number;
}
