import { createHash } from 'node:crypto';
import { createYielder } from '#node-kit/async/index.ts';
import type { AuditAction } from '#shared/domain/audit-actions.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Clock } from '../platform/index.ts';
import type { AuditRow, ReadableDatabase, WritableDatabase } from '../database/index.ts';

export interface AuditEntry {
  /** The person who acted, or `station` when no person did. */
  readonly actor: string;
  readonly role: string;
  /** What was done, as `kind.verb`. */
  readonly action: string;
  /** The object of the action: a chip id, a batch, a setting. */
  readonly subject: string;
  /** Reason, approver, before and after. Never a secret, never a PIN. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** The actor of actions that no person requested. */
export const STATION_ITSELF: Actor = { user: 'station', role: 'station' };

export interface AuditTrail {
  /** Called inside the transaction of the recorded action, so that both are written or none. */
  append(entry: AuditEntry): void;
  /** As `append`, for an actor. */
  record(by: Actor, action: AuditAction, subject: string, details?: AuditEntry['details']): void;
  /** The newest entry. With its hash any later change of an earlier entry can be detected. */
  head(): { readonly seq: number; readonly hash: string };
  /** The hash of one entry; null when there is none of that number. */
  hashAt(seq: number): string | null;
}

export interface TrailReport {
  readonly entries: number;
  readonly head: string;
  /** The first entry that does not follow from the one before; `null` when every entry does. */
  readonly brokenAt: number | null;
}

/** The hash before the first entry. */
const GENESIS = '0'.repeat(64);

export function createAuditTrail(database: WritableDatabase, clock: Clock): AuditTrail {
  const trail: AuditTrail = {
    append(entry) {
      const last = database.audit.findLast();
      const row = {
        seq: (last?.seq ?? 0) + 1,
        at: clock.nowMs(),
        // A lone surrogate would be read back as another character, and the chain would look broken.
        actor: entry.actor.toWellFormed(),
        role: entry.role.toWellFormed(),
        action: entry.action,
        subject: entry.subject.toWellFormed(),
        details: JSON.stringify(entry.details),
      };
      database.audit.add({ ...row, hash: hashOf(last?.hash ?? GENESIS, row) });
    },
    record: ({ user, role }, action, subject, details = {}) =>
      trail.append({ actor: user, role, action, subject, details }),
    head() {
      const last = database.audit.findLast();
      return { seq: last?.seq ?? 0, hash: last?.hash ?? GENESIS };
    },
    hashAt: (seq) => database.audit.findBySeq(seq)?.hash ?? null,
  };
  return trail;
}

/** The details of an entry; none when they are no JSON object, which the chain shows as a change. */
export function readDetails(details: string): Readonly<Record<string, unknown>> {
  try {
    const parsed = JSON.parse(details) as unknown;
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** Verifies the whole chain: finds a changed entry, a removed one in between, and another order. */
export function verifyAudit(database: ReadableDatabase): TrailReport {
  const chain = new ChainCheck();
  for (const row of database.audit.iterate()) chain.add(row);
  return chain.report();
}

/** As `verifyAudit`, beside other work of this process. Faults: the signal's reason. */
export async function verifyAuditInTurns(
  database: ReadableDatabase,
  signal: AbortSignal,
): Promise<TrailReport> {
  const chain = new ChainCheck();
  const yielder = createYielder(signal);
  for (const row of database.audit.iterate()) {
    chain.add(row);
    await yielder.afterRows(1);
  }
  return chain.report();
}

class ChainCheck {
  #previous = GENESIS;
  #entries = 0;
  #brokenAt: number | null = null;

  add({ hash, ...row }: AuditRow): void {
    this.#entries += 1;
    if (this.#brokenAt === null && (row.seq !== this.#entries || hashOf(this.#previous, row) !== hash))
      this.#brokenAt = this.#entries;
    this.#previous = hash;
  }

  report(): TrailReport {
    return { entries: this.#entries, head: this.#previous, brokenAt: this.#brokenAt };
  }
}

/** The rows that continue the chain of the trail, up to the first that does not; rows that the trail has are skipped. */
export function* continuationOf(database: ReadableDatabase, rows: readonly AuditRow[]): Generator<AuditRow> {
  const last = database.audit.findLast();
  let seq = last?.seq ?? 0;
  let previous = last?.hash ?? GENESIS;
  for (const row of rows) {
    if (row.seq <= seq) continue;
    if (row.seq !== seq + 1 || hashOf(previous, row) !== row.hash) return;
    yield row;
    ({ seq, hash: previous } = row);
  }
}

/** SHA-256 (hex) over the hash before and the entry's fields as a JSON list: no two entries share an encoding. */
function hashOf(
  previous: string,
  row: {
    seq: number;
    at: number;
    actor: string;
    role: string;
    action: string;
    subject: string;
    details: string;
  },
): string {
  const { seq, at, actor, role, action, subject, details } = row;
  return createHash('sha256')
    .update(JSON.stringify([previous, seq, at, actor, role, action, subject, details]))
    .digest('hex');
}
