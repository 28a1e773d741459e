import { randomBytes as secureBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * Time, random values and the name of this computer. No other file of the registry asks the system for them (a lint rule).
 * The clock can be replaced (`RegistryOptions.nowMs`); random values cannot, because they become keys, tokens and secrets.
 */
export function systemNowMs(): number {
  return Date.now();
}

/** Unpredictable bytes. */
export function randomBytes(count: number): Buffer {
  return secureBytes(count);
}

/** A new UUID. */
export function randomId(): string {
  return randomUUID();
}

/** The name of this computer in its network. */
export function hostName(): string {
  return hostname();
}

/** An entry of the service's log. It never contains a secret or a token. */
export interface RegistryLogEntry {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

export type RegistryLog = (entry: RegistryLogEntry) => void;
