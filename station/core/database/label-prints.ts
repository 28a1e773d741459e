import type { LabelPrintReason, LabelPrintState } from '#shared/domain/label-print.ts';
import type { FaultView } from '#shared/domain/fault.ts';
import type { Db } from './database.ts';

/** What never changes of a print. */
export interface NewLabelPrint {
  readonly printId: string;
  /** `null` for a test of the printer. */
  readonly runId: string | null;
  readonly unitId: number | null;
  readonly tripleId: number | null;
  /** SHA-256 of the template, or `default`. */
  readonly template: string;
  readonly payload: string;
  readonly reason: LabelPrintReason;
  /** Why it is printed again; empty for a first label. */
  readonly why: string;
  readonly askedBy: string;
  readonly askedAtMs: number;
  readonly wantsScan: boolean;
  readonly state: LabelPrintState;
  /** The slot whose next unit waits for it; `null` for none. */
  readonly slot: number | null;
}

export interface LabelPrintRow extends NewLabelPrint {
  /** Number of this print among those of its unit with this identity. */
  readonly copy: number;
  readonly place: string | null;
  readonly fault: FaultView | null;
  readonly sentAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Who saw that it came out; `null` where only the printer took it and says nothing. */
  readonly confirmedBy: 'printer' | 'person' | 'scan' | null;
  readonly scannedAtMs: number | null;
  readonly voidAtMs: number | null;
  readonly voidBy: string | null;
  /** `identity-retired`, or the words of a person. */
  readonly voidReason: string | null;
  /** Of its run and its identity. */
  readonly serialNumber: string | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
}

/** What changes of a print; what is left out stays. */
export interface LabelPrintChange {
  readonly state?: LabelPrintState;
  readonly slot?: number | null;
  readonly place?: string | null;
  readonly fault?: FaultView | null;
  readonly sentAtMs?: number;
  readonly endedAtMs?: number;
  readonly confirmedBy?: 'printer' | 'person' | 'scan';
  readonly scannedAtMs?: number;
}

type Stored = Omit<LabelPrintRow, 'wantsScan' | 'fault'> & {
  readonly wantsScan: number;
  readonly fault: string | null;
};

const OPEN = `p.state IN ('asked','waiting','sending','unconfirmed','held','failed')`;
const SELECT = `SELECT p.print_id AS printId, p.run_id AS runId, p.unit_id AS unitId, p.triple_id AS tripleId, p.template,
  p.payload, p.reason, p.why, p.copy, p.asked_by AS askedBy, p.asked_at AS askedAtMs, p.wants_scan AS wantsScan, p.state,
  p.slot, p.place, p.fault, p.sent_at AS sentAtMs, p.ended_at AS endedAtMs, p.confirmed_by AS confirmedBy,
  p.scanned_at AS scannedAtMs, p.void_at AS voidAtMs, p.void_by AS voidBy, p.void_reason AS voidReason,
  r.serial_number AS serialNumber, t.product_id AS productId, t.device_name AS deviceName
  FROM label_print p LEFT JOIN run r USING (run_id) LEFT JOIN triple t ON t.triple_id = p.triple_id`;

const COLUMNS = {
  state: 'state',
  slot: 'slot',
  place: 'place',
  fault: 'fault',
  sentAtMs: 'sent_at',
  endedAtMs: 'ended_at',
  confirmedBy: 'confirmed_by',
  scannedAtMs: 'scanned_at',
} as const satisfies Record<keyof LabelPrintChange, string>;

/** The labels that were or are to be printed. */
export function createLabelPrintRepository(db: Db) {
  const byId = db.prepare<[string], Stored>(`${SELECT} WHERE p.print_id = ?`);
  const ofRun = db.prepare<[string], Stored>(`${SELECT} WHERE p.run_id = ? ORDER BY p.asked_at, p.copy`);
  const ofTriple = db.prepare<[number], Stored>(
    `${SELECT} WHERE p.triple_id = ? ORDER BY p.asked_at, p.copy`,
  );
  const newest = db.prepare<[number], Stored>(`${SELECT} ORDER BY p.asked_at DESC, p.copy DESC LIMIT ?`);
  const open = db.prepare<[number], Stored>(
    `${SELECT} WHERE ${OPEN} AND p.void_at IS NULL ORDER BY p.asked_at, p.copy LIMIT ?`,
  );
  const atSlot = db.prepare<[number], Stored>(
    `${SELECT} WHERE p.slot = ? AND p.void_at IS NULL ORDER BY p.asked_at, p.copy`,
  );
  const slots = db
    .prepare<[], number>('SELECT DISTINCT slot FROM label_print WHERE slot IS NOT NULL ORDER BY slot')
    .pluck();
  const copies = db.prepare<[number], number>('SELECT count(*) FROM label_print WHERE triple_id = ?').pluck();
  const insert =
    db.prepare(`INSERT INTO label_print (print_id, run_id, unit_id, triple_id, template, payload, reason, why,
    copy, asked_by, asked_at, wants_scan, state, slot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  // One statement for each column: there are few changes, and the moves are checked by a trigger.
  const setters = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, column]) => [
      key,
      db.prepare<[string | number | null, string]>(`UPDATE label_print SET ${column} = ? WHERE print_id = ?`),
    ]),
  );
  const setVoid = db.prepare(
    'UPDATE label_print SET void_at = ?, void_by = ?, void_reason = ?, slot = NULL WHERE print_id = ?',
  );
  const interrupted = db.prepare<[number]>(
    `UPDATE label_print SET state = 'unconfirmed', ended_at = ? WHERE state = 'sending'`,
  );

  const table = {
    findById: (printId: string): LabelPrintRow | null => toRow(byId.get(printId)),
    /** The oldest first. */
    listOfRun: (runId: string): LabelPrintRow[] => ofRun.all(runId).map(read),
    /** The labels of an identity, the oldest first. */
    listOfTriple: (tripleId: number): LabelPrintRow[] => ofTriple.all(tripleId).map(read),
    /** The newest first. */
    list: (limit: number): LabelPrintRow[] => newest.all(limit).map(read),
    /** Those that wait for a person, the oldest first. */
    listOpen: (limit: number): LabelPrintRow[] => open.all(limit).map(read),
    /** Those for which the next unit of a slot waits, in the order of printing. */
    listAtSlot: (slot: number): LabelPrintRow[] => atSlot.all(slot).map(read),
    slotsWithPrints: (): number[] => slots.all(),
    add(row: NewLabelPrint): void {
      const copy = row.tripleId === null ? 1 : (copies.get(row.tripleId) ?? 0) + 1;
      insert.run(
        row.printId,
        row.runId,
        row.unitId,
        row.tripleId,
        row.template,
        row.payload,
        row.reason,
        row.why,
        copy,
        row.askedBy,
        row.askedAtMs,
        row.wantsScan ? 1 : 0,
        row.state,
        row.slot,
      );
    },
    /** Times before the state, which a CHECK compares with them. */
    change(printId: string, change: LabelPrintChange): void {
      const { state, ...rest } = change;
      const ordered = state === undefined ? rest : { ...rest, state };
      for (const [key, value] of Object.entries(ordered)) {
        const cell = key === 'fault' && value !== null ? JSON.stringify(value) : value;
        setters[key]?.run(cell as string | number | null, printId);
      }
    },
    voidLabel: (printId: string, atMs: number, by: string, reason: string): void =>
      void setVoid.run(atMs, by, reason, printId),
    /** Prints that the last stop of the station interrupted: whether they came out is not known. Returns their number. */
    endInterrupted: (atMs: number): number => interrupted.run(atMs).changes,
  };
  return table;
}

function toRow(stored: Stored | undefined): LabelPrintRow | null {
  return stored === undefined ? null : read(stored);
}

function read(stored: Stored): LabelPrintRow {
  return {
    ...stored,
    wantsScan: stored.wantsScan === 1,
    fault: stored.fault === null ? null : (JSON.parse(stored.fault) as FaultView),
  };
}
