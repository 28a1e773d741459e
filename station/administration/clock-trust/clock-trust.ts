import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Approve, ApproverClaim } from '../people/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import { type ClockDoubt, describeClockDoubt, compareClocks } from './compare-clocks.ts';

/** The time when the clock was trusted last. */
const TRUSTED_TIME = 'clock.believed';
/** The trusted time is written at this interval. */
const WRITE_EVERY_MS = 3_600_000;
/** The registry's time is used for so long, carried on by the monotonic clock. */
const REGISTRY_TIME_VALID_MS = 3_600_000;
const REQUEST_TIMEOUT_MS = 3000;

export interface ClockTrustOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log'>;
  readonly audit: AuditTrail;
  readonly access: { readonly approve: Approve };
  readonly registry: () => RegistryClient | null;
  /** When the newest record was made, before this start wrote any; null when there is none. */
  readonly newestRecordMs: number | null;
}

/**
 * Decides whether files may be removed because of their age. With a clock that is far ahead at one start everything would be too
 * old, and what was removed is lost when the clock is right again.
 */
export interface ClockTrust {
  /**
   * Whether `what` may be removed by its age. Asks the registry for its time, once an hour at most; a refusal is logged with its
   * reason. False when it cannot be decided. Faults: none.
   */
  mayRemove(what: string, signal: AbortSignal): Promise<boolean>;
  /** Stores the present time as trusted, while the clock is trusted. */
  update(): void;
  /** Updates for the last time. */
  close(): void;
  /** Why nothing is removed; null when the clock is trusted, as far as was checked. */
  readonly doubt: ClockDoubt | null;
  /** Two people confirm that the clock is right. Faults: `bad-input` without a reason; those of `proveApprover`. */
  confirm(
    claim: ApproverClaim & { readonly reason: string; readonly by: Actor },
    signal: AbortSignal,
  ): Promise<void>;
}

export function createClockTrust(parts: ClockTrustOptions): ClockTrust {
  const { database, audit, access, registry } = parts;
  const { clock, log } = parts.platform;
  /** A trusted time, with the monotonic time at which it was noted. */
  let trusted = begin(readTrustedTimeMs(database) ?? parts.newestRecordMs);
  let registryTime: { readonly ms: number; readonly atMonotonicMs: number } | null = null;
  let closed = false;
  let doubt: ClockDoubt | null = compare();
  update();

  function begin(ms: number | null) {
    return ms === null ? null : { ms, atMonotonicMs: clock.monotonicMs() };
  }
  function carriedOn(from: typeof trusted): number | null {
    return from === null ? null : from.ms + clock.monotonicMs() - from.atMonotonicMs;
  }
  function forgetOldRegistryTime(): void {
    if (registryTime !== null && clock.monotonicMs() - registryTime.atMonotonicMs > REGISTRY_TIME_VALID_MS)
      registryTime = null;
  }
  function compare(): ClockDoubt | null {
    forgetOldRegistryTime();
    return compareClocks({
      nowMs: clock.nowMs(),
      anchorMs: carriedOn(trusted),
      registryMs: carriedOn(registryTime),
    });
  }
  function update(): void {
    if (closed) return;
    doubt = compare();
    if (doubt === null) trust();
  }
  function trust(): void {
    const nowMs = clock.nowMs();
    trusted = begin(nowMs);
    const kept = readTrustedTimeMs(database);
    if (kept !== null && Math.abs(nowMs - kept) < WRITE_EVERY_MS) return;
    try {
      database.transaction(() => database.meta.set(TRUSTED_TIME, String(nowMs)));
    } catch (error) {
      // On a full disk it is known only as long as this process runs.
      if (!(error instanceof Fault)) throw error;
    }
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const client = registryTime === null ? registry() : null;
    if (client === null) return;
    const asked = clock.monotonicMs();
    try {
      const { nowMs } = await client.health(
        AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      );
      const atMonotonicMs = clock.monotonicMs();
      // The response was sent half the round trip ago.
      registryTime = { ms: nowMs + (atMonotonicMs - asked) / 2, atMonotonicMs };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  return {
    get doubt() {
      return doubt;
    },
    update,
    close() {
      update();
      closed = true;
    },
    async mayRemove(what, signal) {
      forgetOldRegistryTime();
      await ask(signal);
      update();
      if (doubt === null) return true;
      log.warn('sweep.refused', { what, why: describeClockDoubt(doubt) });
      return false;
    },
    async confirm({ reason, by, ...claim }, signal) {
      if (reason.trim() === '')
        throw new Fault('bad-input', 'a clock is confirmed with a reason and an approver', {
          hint: 'They go into the audit trail.',
        });
      const approval = await access.approve(claim, by, signal);
      const nowMs = clock.nowMs();
      database.transaction(() => {
        audit.record(by, 'clock.vouch', new Date(nowMs).toISOString(), { reason, ...approval });
        database.meta.set(TRUSTED_TIME, String(nowMs));
      });
      trusted = begin(nowMs);
      doubt = compare();
    },
  };
}

/** The time when the clock was trusted last; null when it never was. */
export function readTrustedTimeMs(database: ReadableDatabase): number | null {
  const text = database.meta.get(TRUSTED_TIME);
  const ms = text === null ? Number.NaN : Number(text);
  return Number.isFinite(ms) ? ms : null;
}
