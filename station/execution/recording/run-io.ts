import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import type { AttemptJson, Json } from './format.ts';

/** A request of a run to something outside it. */
export interface IoRequest {
  /** The addressee: `ble`, `registry`, `port`, `operator`, … */
  readonly kind: string;
  /** Identifies the request, so that a replay finds it again. Never a secret. */
  readonly key: string;
  /** Parameters that may change between recording and replay: a baud rate, a time. */
  readonly parameters?: string;
  /** When no reply comes in this time, the reply is `false`. */
  readonly timeoutMs?: number;
  /** Bytes that are sent with the request. */
  readonly bytes?: Uint8Array;
  /** The byte stream that request and reply belong to, so that a secret cut across several is found. */
  readonly stream?: string;
  readonly signal?: AbortSignal;
}

/** A value, bytes, or neither for a mere acknowledgement. */
export interface IoReply {
  readonly value?: Json;
  readonly bytes?: Uint8Array;
}

/**
 * Everything that reaches a run from outside passes through its `RunIo`. While a run is recorded, `Recorder` performs
 * the requests and writes down the replies; while it is replayed, `ReplayIo` returns the recorded replies and performs
 * nothing.
 */
export interface RunIo extends Disposable {
  /** Time as the run reads it, from 0; every wait of the run goes through it. */
  readonly clock: Clock;
  /** True when nothing is performed, and every secret has another value than in the recorded run. */
  readonly isReplay: boolean;
  /** Hides the secrets of this run. Protect a secret before it is sent. */
  readonly mask: SecretMask;
  /** An open port as the run uses it. `real` is null in a replay. */
  wrapPort(port: number, path: string, real: DevicePort | null): DevicePort;
  /**
   * Performs a request. `onNotification` gets what `perform` notifies during and after it, and returns true when it needs
   * no more. Faults: those of `perform`.
   */
  request(
    request: IoRequest,
    perform: (notify: (reply: IoReply) => void) => Promise<IoReply>,
    onNotification?: (reply: IoReply) => boolean,
  ): Promise<IoReply>;
  /** Reads a value from outside that is available at once. Faults: those of `read`. */
  input<T extends Json>(kind: string, key: string, read: () => T): T;
  /** A signal that also fires when the recorded run was stopped. */
  watchStop(signal: AbortSignal): AbortSignal;
  beginPhase(name: string): void;
  beginStep(name: string): void;
  /** A comment for people, which a replay ignores. */
  comment(text: string): void;
  /** Work that the recording does not show (a script's own process) goes on until the result is disposed of. */
  busy(): Disposable;
  recordAttempt(attempt: AttemptJson): void;
  recordOutcome(result: { readonly outcome: Outcome; readonly failure: RunFailure | null }): void;
  /** Faults: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied` when anything could not be written. */
  requireWritten(): void;
}

/** The request that sets the control lines of a port. */
export function controlLinesRequest(port: number, lines: object): IoRequest {
  const set = Object.entries(lines).map(([name, on]) => `${name}=${on === true ? 1 : 0}`);
  return { kind: 'port', key: `lines ${port} ${set.join(' ')}` };
}

/** The request that changes the speed of a port. */
export function baudRateRequest(port: number, baudRate: number): IoRequest {
  return { kind: 'port', key: `baud ${port}`, parameters: `${baudRate} baud` };
}

/** The request that gives a port to one operation. */
export function transferRequest(port: number, name: string, signal: AbortSignal): IoRequest {
  return { kind: 'port', key: `transfer ${port} ${name}`, signal };
}
