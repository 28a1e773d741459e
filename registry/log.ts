/** An entry of the service's log. It never contains a secret or a token. */
export interface RegistryLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type RegistryLog = (entry: RegistryLogEntry) => void;
