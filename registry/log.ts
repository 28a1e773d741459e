/** One thing worth knowing about the service. Never a secret, never a token. */
export interface RegistryLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type RegistryLog = (entry: RegistryLogEntry) => void;
