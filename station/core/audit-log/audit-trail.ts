import { createHash } from 'node:crypto';
import type { Clock } from '../platform/index.ts';
import type { AuditRow, ReadableDatabase, WritableDatabase } from '../database/index.ts';

export interface AuditEntry {
  /** Who did it: a person's name, or `station` for what happens by itself. */
  readonly actor: string;
  readonly role: string;
  /** What was done, as `room.verb`: `identity.reissue`, `settings.registry`, `person.add`. */
  readonly action: string;
  /** What it was done to: a chip id, a batch, a setting. */
  readonly subject: string;
  /** Reason, approver, before and after. Never a secret, never a PIN. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** Whom an act is put down to. A session of a page or a terminal is one. */
export interface Actor {
  readonly user: string;
  readonly role: string;
}

/** For what nobody asked for: it happens by itself, or a program does it. */
export const STATION_ITSELF: Actor = { user: 'station', role: 'station' };

export interface AuditTrail {
  /** Call it inside the transaction of what it tells, so that neither is there without the other. */
  append(entry: AuditEntry): void;
  /** The same in short, for acts of somebody. */
  record(by: Actor, action: string, subject: string, details?: AuditEntry['details']): void;
  /** The newest entry's hash: whoever keeps it can tell whether anything before it was changed. */
  head(): { readonly seq: number; readonly hash: string };
  /** The hash of one entry; null when there is none of that number. */
  hashAt(seq: number): string | null;
}

export interface AuditVerdict {
  readonly entries: number;
  readonly head: string;
  /** The first entry that does not follow from the one before; `null` when the chain is whole. */
  readonly brokenAt: number | null;
}

/** What the first entry is chained to. */
const GENESIS = '0'.repeat(64);

export function createAuditTrail(database: WritableDatabase, clock: Clock): AuditTrail {
  const trail: AuditTrail = {
    append(entry) {
      const last = database.audit.findLast();
      const row = {
        seq: (last?.seq ?? 0) + 1,
        at: clock.nowMs(),
        // Half a character (a text cut by its UTF-16 units) is read back as another: the chain would look broken.
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

/** The details of an entry; none where somebody has made them into something else, which the chain shows. */
export function readDetails(details: string): Readonly<Record<string, unknown>> {
  try {
    const read = JSON.parse(details) as unknown;
    return typeof read === 'object' && read !== null ? { ...read } : {};
  } catch {
    return {};
  }
}

/** Walks the whole chain; finds any edit, removal in between, or reordering. */
export function verifyAudit(database: ReadableDatabase): AuditVerdict {
  let previous = GENESIS;
  let entries = 0;
  let brokenAt: number | null = null;
  for (const { hash, ...row } of database.audit.iterate()) {
    entries += 1;
    if (brokenAt === null && (row.seq !== entries || hashOf(previous, row) !== hash)) brokenAt = entries;
    previous = hash;
  }
  return { entries, head: previous, brokenAt };
}

/** The first of these rows that follow from the trail's own end, one from the other; rows it has already are skipped. */
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
