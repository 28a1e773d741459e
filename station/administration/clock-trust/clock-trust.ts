import { Fault } from '#shared/domain/fault.ts';
import type { Approve, ApproverClaim } from '../people/index.ts';
import type { Actor, AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import { type ClockDoubt, describeClockDoubt, compareClocks } from './compare-clocks.ts';

/** When it was at least, the last time the clock was believed. */
const ANCHOR = 'clock.believed';
/** The anchor is written so often, not at every look. */
const ANCHOR_EVERY_MS = 3_600_000;
/** What the registry said of the time is good for so long, by the clock that nobody can set. */
const HEARD_FOR_MS = 3_600_000;
const ASK_MS = 3000;

export interface ClockTrustParts {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'log'>;
  readonly audit: AuditTrail;
  readonly access: { readonly approve: Approve };
  readonly registry: () => RegistryClient | null;
  /** When the newest record was made, as it was before this start wrote any; null when there is none. */
  readonly newestRecordMs: number | null;
}

/**
 * The one guard of everything that is removed because it is old. A clock that is far ahead for one start would make all
 * that a station keeps too old at once, and what is removed does not come back when the clock does.
 */
export interface ClockTrust {
  /**
   * Whether `what` may be removed by the time it is. Asks the registry, once an hour, when something is to be removed; a
   * refusal is logged with its reason. Faults: none; what cannot be known is no.
   */
  mayRemove(what: string, signal: AbortSignal): Promise<boolean>;
  /** Remembers that it is at least now, as long as the clock is believed. */
  keepUp(): void;
  /** Keeps up for the last time. */
  close(): void;
  /** Why nothing is removed; null when nothing speaks against the clock, as far as that was asked. */
  readonly doubt: ClockDoubt | null;
  /** Two people's word that the clock is right. Faults: `bad-input` when it is not said why; those of `proveApprover`. */
  vouch(
    word: ApproverClaim & { readonly reason: string; readonly by: Actor },
    signal: AbortSignal,
  ): Promise<void>;
}

export function createClockTrust(parts: ClockTrustParts): ClockTrust {
  const { database, audit, access, registry } = parts;
  const { clock, log } = parts.platform;
  /** A time that was believed, and what the clock that nobody can set said then. */
  let anchor = begin(readTrustedTimeMs(database) ?? parts.newestRecordMs);
  let heard: { readonly ms: number; readonly atMonotonicMs: number } | null = null;
  let closed = false;
  let doubt: ClockDoubt | null = judge();
  keepUp();

  function begin(ms: number | null) {
    return ms === null ? null : { ms, atMonotonicMs: clock.monotonicMs() };
  }
  function goneOn(from: typeof anchor): number | null {
    return from === null ? null : from.ms + clock.monotonicMs() - from.atMonotonicMs;
  }
  function forgetOld(): void {
    if (heard !== null && clock.monotonicMs() - heard.atMonotonicMs > HEARD_FOR_MS) heard = null;
  }
  function judge(): ClockDoubt | null {
    forgetOld();
    return compareClocks({ nowMs: clock.nowMs(), anchorMs: goneOn(anchor), registryMs: goneOn(heard) });
  }
  function keepUp(): void {
    if (closed) return;
    doubt = judge();
    if (doubt === null) believe();
  }
  function believe(): void {
    const nowMs = clock.nowMs();
    anchor = begin(nowMs);
    const kept = readTrustedTimeMs(database);
    if (kept !== null && Math.abs(nowMs - kept) < ANCHOR_EVERY_MS) return;
    try {
      database.transaction(() => database.meta.set(ANCHOR, String(nowMs)));
    } catch (error) {
      // On a full disk: it is remembered for as long as this process lives.
      if (!(error instanceof Fault)) throw error;
    }
  }

  async function ask(signal: AbortSignal): Promise<void> {
    const client = heard === null ? registry() : null;
    if (client === null) return;
    const asked = clock.monotonicMs();
    try {
      const { nowMs } = await client.health(AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)]));
      const atMonotonicMs = clock.monotonicMs();
      // The answer is half the way old.
      heard = { ms: nowMs + (atMonotonicMs - asked) / 2, atMonotonicMs };
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }

  return {
    get doubt() {
      return doubt;
    },
    keepUp,
    close() {
      keepUp();
      closed = true;
    },
    async mayRemove(what, signal) {
      forgetOld();
      await ask(signal);
      keepUp();
      if (doubt === null) return true;
      log.warn('sweep.refused', { what, why: describeClockDoubt(doubt) });
      return false;
    },
    async vouch({ reason, by, ...claim }, signal) {
      if (reason.trim() === '')
        throw new Fault('bad-input', 'a clock is vouched for with a reason and an approver', {
          hint: 'They go into the audit trail.',
        });
      const approval = await access.approve(claim, by, signal);
      const nowMs = clock.nowMs();
      database.transaction(() => {
        audit.record(by, 'clock.vouch', new Date(nowMs).toISOString(), { reason, ...approval });
        database.meta.set(ANCHOR, String(nowMs));
      });
      anchor = begin(nowMs);
      doubt = judge();
    },
  };
}

/** When it was at least, by what this station remembers; null when it has never believed its clock. */
export function readTrustedTimeMs(database: ReadableDatabase): number | null {
  const text = database.meta.get(ANCHOR);
  const ms = text === null ? Number.NaN : Number(text);
  return Number.isFinite(ms) ? ms : null;
}
