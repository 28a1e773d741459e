import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Approve, ApproverCredentials } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Clock, Log, Platform } from '../../core/platform/index.ts';
import type { RemovalGuard } from '../../core/retention/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import { type ClockDoubt, describeClockDoubt, compareClocks } from './compare-clocks.ts';

/** Key of the time when the clock was trusted last. */
const TRUSTED_TIME = 'clock.believed';
/** The trusted time is written at this interval. */
const WRITE_EVERY_MS = 3_600_000;
/** The registry's time is used for this time, plus the monotonic time since. */
const REGISTRY_TIME_VALID_MS = 3_600_000;
const REQUEST_TIMEOUT_MS = 3000;

export interface ClockTrustOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log'>;
  readonly audit: AuditTrail;
  readonly access: { readonly approve: Approve };
  readonly registry: () => RegistryClient | null;
  /** Time of the newest record before this start; null when there is none. */
  readonly newestRecordMs: number | null;
}

/** A trusted time, Unix milliseconds, and the monotonic time at which it was true. */
interface TimePoint {
  readonly ms: number;
  readonly atMonotonicMs: number;
}

/**
 * Decides whether files may be removed because of their age. With a clock that is far ahead all files would be too old, and the
 * removed files are lost when the clock is right again.
 */
export class ClockTrust implements RemovalGuard {
  readonly #options: ClockTrustOptions;
  readonly #clock: Clock;
  #trusted: TimePoint | null;
  #registryTime: TimePoint | null = null;
  #closed = false;
  #doubt: ClockDoubt | null;
  readonly #database: WritableDatabase;
  readonly #log: Log;

  constructor(options: ClockTrustOptions) {
    this.#options = options;
    this.#database = options.database;
    this.#clock = options.platform.clock;
    this.#log = options.platform.log;
    this.#trusted = this.#timePoint(readTrustedTimeMs(options.database) ?? options.newestRecordMs);
    this.#doubt = this.#compare();
    this.update();
  }

  /** The reason why nothing is removed; null when the clock is trusted. */
  get doubt(): ClockDoubt | null {
    return this.#doubt;
  }

  /** Stores the present time as trusted, while the clock is trusted. */
  update(): void {
    if (this.#closed) return;
    this.#doubt = this.#compare();
    if (this.#doubt === null) this.#trust();
  }

  /** Updates for the last time. */
  close(): void {
    this.update();
    this.#closed = true;
  }

  /**
   * True when `what` may be removed because of its age. Asks the registry for its time, once an hour at most; a refusal is logged
   * with its reason. Faults: none.
   */
  async mayRemove(what: string, signal: AbortSignal): Promise<boolean> {
    this.#clearOldRegistryTime();
    await this.#ask(signal);
    this.update();
    if (this.#doubt === null) return true;
    this.#log.warn('sweep.refused', { what, why: describeClockDoubt(this.#doubt) });
    return false;
  }

  /** Two people confirm that the clock is right. Faults: `bad-input` without a reason; those of `proveApprover`. */
  async confirm(
    { reason, by, ...credentials }: ApproverCredentials & { readonly reason: string; readonly by: Actor },
    signal: AbortSignal,
  ): Promise<void> {
    if (reason.trim() === '')
      throw new Fault('bad-input', 'a clock is confirmed with a reason and an approver', {
        hint: 'They go into the audit trail.',
      });
    const approval = await this.#options.access.approve(credentials, by, signal);
    const nowMs = this.#clock.nowMs();
    this.#database.transaction(() => {
      this.#options.audit.record(by, 'clock.vouch', new Date(nowMs).toISOString(), { reason, ...approval });
      this.#database.meta.set(TRUSTED_TIME, String(nowMs));
    });
    this.#trusted = this.#timePoint(nowMs);
    this.#doubt = this.#compare();
  }

  #timePoint(ms: number | null): TimePoint | null {
    return ms === null ? null : { ms, atMonotonicMs: this.#clock.monotonicMs() };
  }

  #presentMs(point: TimePoint | null): number | null {
    return point === null ? null : point.ms + this.#clock.monotonicMs() - point.atMonotonicMs;
  }

  #clearOldRegistryTime(): void {
    if (
      this.#registryTime !== null &&
      this.#clock.monotonicMs() - this.#registryTime.atMonotonicMs > REGISTRY_TIME_VALID_MS
    )
      this.#registryTime = null;
  }

  #compare(): ClockDoubt | null {
    this.#clearOldRegistryTime();
    return compareClocks({
      nowMs: this.#clock.nowMs(),
      trustedMs: this.#presentMs(this.#trusted),
      registryMs: this.#presentMs(this.#registryTime),
    });
  }

  #trust(): void {
    const nowMs = this.#clock.nowMs();
    this.#trusted = this.#timePoint(nowMs);
    const storedMs = readTrustedTimeMs(this.#database);
    if (storedMs !== null && Math.abs(nowMs - storedMs) < WRITE_EVERY_MS) return;
    try {
      this.#database.transaction(() => this.#database.meta.set(TRUSTED_TIME, String(nowMs)));
    } catch (error) {
      // On a full disk the time is not stored, and only this process has it.
      if (!(error instanceof Fault)) throw error;
    }
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const client = this.#registryTime === null ? this.#options.registry() : null;
    if (client === null) return;
    const askedAtMs = this.#clock.monotonicMs();
    try {
      const { nowMs } = await client.health(
        AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      );
      const atMonotonicMs = this.#clock.monotonicMs();
      // The response was sent half the round trip ago.
      this.#registryTime = { ms: nowMs + (atMonotonicMs - askedAtMs) / 2, atMonotonicMs };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
}

/** The time when the clock was trusted last; null when it never was. */
export function readTrustedTimeMs(database: ReadableDatabase): number | null {
  const text = database.meta.get(TRUSTED_TIME);
  const ms = text === null ? Number.NaN : Number(text);
  return Number.isFinite(ms) ? ms : null;
}
