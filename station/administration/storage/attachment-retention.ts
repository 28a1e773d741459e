import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import { type AuditTrail, STATION_ITSELF } from '../../core/audit-log/index.ts';
import type { AttachmentTotals, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { DAY_MS, type RemovalGuard } from '../../core/retention/index.ts';

/** Key in the table `meta`; persisted. */
const KEY = 'attachments.max-age-days';
const MAX_AGE_DAYS = 36_500;
const ROWS_PER_TURN = 500;

export interface AttachmentRetentionOptions {
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly platform: Pick<Platform, 'clock' | 'log'>;
  readonly clockTrust: RemovalGuard;
}

/**
 * Removes the files of attachments that are older than an engineer has set; without an age it removes none. The records stay,
 * and the audit trail has the number.
 */
export class AttachmentRetention implements AsyncDisposable {
  readonly #files: Pick<AttachmentFiles, 'remove'>;
  readonly #options: AttachmentRetentionOptions;
  readonly #closing = new AbortController();
  #sweptAtMs: number | null = null;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: AttachmentRetentionOptions, files: Pick<AttachmentFiles, 'remove'>) {
    this.#options = options;
    this.#files = files;
  }

  /** `null`: they are kept for ever. */
  get maxAgeDays(): number | null {
    const text = this.#options.database.meta.get(KEY);
    return text === null ? null : Number(text);
  }

  /** Faults: `bad-input`. */
  setMaxAge(days: number | null, by: Actor): void {
    if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MAX_AGE_DAYS))
      throw new Fault('bad-input', `attachments cannot have an age of ${days}`, {
        hint: `Give 1 to ${MAX_AGE_DAYS} days.`,
      });
    const { database, audit } = this.#options;
    const from = this.maxAgeDays;
    if (from === days) return;
    database.transaction(() => {
      audit.record(by, 'settings.attachments', KEY, { from, to: days });
      if (days === null) database.meta.remove(KEY);
      else database.meta.set(KEY, String(days));
    });
  }

  /** The files that the next sweep removes. */
  preview(): AttachmentTotals {
    const beforeMs = this.#expiredBeforeMs();
    return beforeMs === null
      ? { files: 0, bytes: 0, oldestAtMs: null }
      : this.#options.database.attachments.countOlder(beforeMs);
  }

  /** Sweeps once a day, in the background. */
  sweepWhenDue(): void {
    const nowMs = this.#options.platform.clock.monotonicMs();
    if (this.maxAgeDays === null || (this.#sweptAtMs !== null && nowMs - this.#sweptAtMs < DAY_MS)) return;
    this.#sweptAtMs = nowMs;
    const report = (error: unknown): void => this.#options.platform.log.error('attachments.sweep', error);
    this.#working = this.sweep(STATION_ITSELF, this.#closing.signal).catch(report);
  }

  /**
   * Removes the files beyond the age now. Nothing is removed while the clock is not trusted. Returns the number of attachments and
   * their bytes. Faults: the signal's reason; those of a durable transaction.
   */
  async sweep(by: Actor, signal: AbortSignal): Promise<{ readonly removed: number; readonly bytes: number }> {
    const { database, audit, platform, clockTrust } = this.#options;
    const beforeMs = this.#expiredBeforeMs();
    const sum = { removed: 0, bytes: 0 };
    if (beforeMs === null || database.attachments.listOlder(beforeMs, 1).length === 0) return sum;
    if (!(await clockTrust.mayRemove('attachments', signal))) return sum;
    for (;;) {
      signal.throwIfAborted();
      const rows = database.attachments.listOlder(beforeMs, ROWS_PER_TURN);
      if (rows.length === 0) return sum;
      const bytes = rows.reduce((all, row) => all + row.bytes, 0);
      // The record comes first: a file without a record is removed again, a record without a file is damage.
      database.transaction(() => {
        for (const row of rows) database.attachments.markRemoved(row, platform.clock.nowMs());
        audit.record(by, 'attachments.remove', KEY, { attachments: rows.length, bytes });
      });
      for (const sha256 of new Set(rows.map((row) => row.sha256))) await this.#files.remove(sha256);
      sum.removed += rows.length;
      sum.bytes += bytes;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#working;
  }

  #expiredBeforeMs(): number | null {
    const days = this.maxAgeDays;
    return days === null ? null : this.#options.platform.clock.nowMs() - days * DAY_MS;
  }
}
