import { raceAbort } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { LabelPrintTime } from '#shared/domain/label-print.ts';
import type { PrinterSetting } from '#shared/contract/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import {
  requireRun,
  type LabelPrintRow,
  type RunRow,
  type WritableDatabase,
} from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createFontBook, type NamedTemplate, type RunLabelOptions, type UnitLabel } from '../labels/index.ts';
import { asPrintFault, DEFAULT_TEMPLATE, nameOf } from './print-names.ts';
import { type Printer, StationPrinter } from './printer.ts';
import { renderPrint } from './render-print.ts';
import { testLabel } from './test-label.ts';

/** What a recipe says about printing. */
export interface PrintOrder {
  readonly time: Exclude<LabelPrintTime, 'never'>;
  readonly copies: number;
  readonly scan: boolean;
}

export interface LabelPrintsOptions {
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly platform: Platform;
  readonly printer: Printer;
  readonly setting: () => PrinterSetting | null;
  /** The label of a run with the present identity of its unit. Faults: those of `runLabel`. */
  readonly labelOf: (run: RunRow, options: RunLabelOptions) => UnitLabel;
}

/** A label that is printed once more. */
interface Reprint {
  readonly why: string;
  readonly copies: number;
  readonly template?: NamedTemplate | undefined;
}

/** What differs from a print on the printer of the station by the recipe. */
export interface OtherPrint {
  /** `null`: the printer of the station. */
  readonly setting: PrinterSetting | null;
  /** In place of the template of the recipe. */
  readonly template?: NamedTemplate | undefined;
}

/**
 * The prints of labels: each has a record, which says durably that its bytes may leave before the first one does. A print whose
 * fate is not known is never repeated without a decision of a person.
 */
export class LabelPrints {
  readonly #options: LabelPrintsOptions;
  readonly #fonts = createFontBook();
  readonly #listeners = new Set<(row: LabelPrintRow) => void>();
  /** By print. */
  readonly #underWay = new Map<string, Promise<LabelPrintRow>>();

  constructor(options: LabelPrintsOptions) {
    this.#options = options;
    const { database, platform } = options;
    database.transaction(() => database.labelPrints.endInterrupted(platform.clock.nowMs()));
  }

  /** Calls `listener` after each change of a print. */
  onChange(listener: (row: LabelPrintRow) => void): void {
    this.#listeners.add(listener);
  }

  /** Faults: `not-found`. */
  get(printId: string): LabelPrintRow {
    const row = this.#options.database.labelPrints.findById(printId);
    if (row !== null) return row;
    throw new Fault('not-found', `there is no print ${printId}`, { hint: '"label list" names the prints.' });
  }

  /**
   * Writes that the labels of a run that passed are to be printed. Called in the transaction that records its result, so that
   * a crash loses none. A label that cannot be made is logged: the result of the run is recorded in any case.
   */
  plan(run: RunRow, order: PrintOrder, atMs: number): void {
    const { platform, labelOf } = this.#options;
    let label: UnitLabel;
    try {
      label = labelOf(run, {});
    } catch (error) {
      platform.log.error('label.not-planned', error, { run: run.runId });
      return;
    }
    this.#add(run, label, {
      reason: 'pass',
      why: '',
      copies: order.copies,
      by: run.operator,
      atMs,
      wantsScan: order.scan,
      state: order.time === 'ask' ? 'asked' : 'waiting',
      slot: run.slot,
    });
  }

  /** Writes that a label is printed once more. Faults: `not-found`, `bad-input`, `label-impossible`. */
  reprint(runId: string, { why, copies, template }: Reprint, by: Actor): LabelPrintRow[] {
    const { database, audit, platform } = this.#options;
    const run = requireRun(database, runId);
    const printIds = database.transaction(() => {
      audit.record(by, 'label.reprint', run.serialNumber ?? run.chipId ?? runId, {
        run: runId,
        reason: why,
        copies,
      });
      return this.#add(run, this.#options.labelOf(run, { template }), {
        reason: 'reprint',
        why,
        copies,
        by: by.user,
        atMs: platform.clock.nowMs(),
        wantsScan: false,
        state: 'waiting',
        slot: null,
      });
    });
    return printIds.map((printId) => this.#changed(printId));
  }

  /**
   * Prints a label that waits; returns what became of it. A fault of the printer is part of the record, and is not thrown. A print
   * that is under way is waited for, and not sent once more.
   * Faults: `not-found`, `bad-input` for a print that does not wait; for a print that another caller has begun, the signal's reason.
   *
   * @param other in place of the printer of the station
   */
  print(printId: string, signal: AbortSignal, other: OtherPrint | null = null): Promise<LabelPrintRow> {
    const underWay = this.#underWay.get(printId);
    if (underWay !== undefined) return raceAbort(underWay, signal);
    const work = this.#print(printId, signal, other).finally(() => this.#underWay.delete(printId));
    this.#underWay.set(printId, work);
    return work;
  }

  /** Waits for a print that is being sent; false when none is. Faults: those of its record; the signal's reason. */
  async whenSent(printId: string, signal: AbortSignal): Promise<boolean> {
    const underWay = this.#underWay.get(printId);
    if (underWay !== undefined) await raceAbort(underWay, signal);
    return underWay !== undefined;
  }

  async #print(printId: string, signal: AbortSignal, other: OtherPrint | null): Promise<LabelPrintRow> {
    const { database, platform, labelOf } = this.#options;
    const row = this.get(printId);
    if (row.state !== 'waiting' || row.voidAtMs !== null || row.runId === null)
      throw new Fault('bad-input', `print ${printId} does not wait to be printed`, {
        hint: 'Print the label again, with a reason.',
      });
    const setting = other?.setting ?? this.#options.setting();
    const printer =
      other?.setting == null
        ? this.#options.printer
        : new StationPrinter({ platform, setting: () => other.setting });
    try {
      const bytes = await renderPrint(row, requireRun(database, row.runId), setting, {
        labelOf,
        fonts: this.#fonts,
        template: other?.template,
        signal,
      });
      const { isConfirmed } = await printer.print(bytes, signal, () =>
        this.#beginSending(printId, setting?.place ?? null),
      );
      return this.#end(printId, {
        state: 'printed',
        ...(isConfirmed ? { confirmedBy: 'printer' as const } : {}),
      });
    } catch (error) {
      const fault = asPrintFault(error, platform);
      const { state, voidAtMs } = this.get(printId);
      if (state !== 'sending') {
        // Nothing was sent. A print that the close of the station ended goes on at its next start; one that was left out or
        // declared void meanwhile stays so.
        if (signal.aborted || state !== 'waiting' || voidAtMs !== null) return this.get(printId);
        return this.#end(printId, { state: 'failed', fault: fault.toView(), place: setting?.place ?? null });
      }
      const isHeld = fault.details['isHeld'] === true;
      return this.#end(printId, { state: isHeld ? 'held' : 'unconfirmed', fault: fault.toView() });
    }
  }

  /** Prints a test label of the printer, which has a record as well. Faults: those of `Printer.print`. */
  async printTest(station: string, by: Actor, signal: AbortSignal): ReturnType<Printer['print']> {
    const { database, platform, printer, setting } = this.#options;
    const printId = platform.random.id();
    const printerNow = setting();
    const place = printerNow?.place ?? null;
    // `print` refuses a station without a printer.
    const label =
      printerNow === null
        ? new Uint8Array()
        : testLabel(printerNow, station, new Date(platform.clock.nowMs()));
    database.transaction(() =>
      database.labelPrints.add({
        printId,
        runId: null,
        unitId: null,
        tripleId: null,
        template: DEFAULT_TEMPLATE,
        payload: '',
        reason: 'test',
        why: '',
        askedBy: by.user,
        askedAtMs: platform.clock.nowMs(),
        wantsScan: false,
        state: 'waiting',
        slot: null,
      }),
    );
    try {
      const result = await printer.print(label, signal, () => this.#beginSending(printId, place));
      this.#end(printId, { state: 'printed', ...(result.isConfirmed ? { confirmedBy: 'printer' } : {}) });
      return result;
    } catch (error) {
      // No slot waits for a test label: it is no open print.
      const { state } = this.get(printId);
      const fault = asPrintFault(error, platform).toView();
      if (state === 'sending') this.#end(printId, { state: 'unconfirmed', fault });
      this.#end(printId, { state: 'skipped', fault, place });
      throw error;
    }
  }

  /** The present state of the station's printer. Faults: those of `Printer.state`. */
  printerState(signal: AbortSignal): ReturnType<Printer['state']> {
    return this.#options.printer.state(signal);
  }

  /** A person was asked and wants the label, or tries again what failed. Faults: `not-found`, `bad-input`. */
  queue(printId: string): LabelPrintRow {
    return this.#decide(printId, ['asked', 'failed'], { state: 'waiting' });
  }

  /** Somebody looked, or the printer says so: the label came out, or it did not. Faults: `not-found`, `bad-input`. */
  settle(printId: string, cameOut: boolean, by: Actor | 'printer'): LabelPrintRow {
    const { audit, database } = this.#options;
    const row = this.#require(printId, ['unconfirmed', 'held']);
    database.transaction(() => {
      if (by !== 'printer')
        audit.record(by, 'label.confirm', nameOf(row), { print: printId, run: row.runId, cameOut });
      this.#write(
        printId,
        cameOut
          ? { state: 'printed', confirmedBy: by === 'printer' ? 'printer' : 'person' }
          : { state: 'waiting' },
      );
    });
    return this.#changed(printId);
  }

  /** The printer that held the label has nothing of it any more, and no person has seen it print. Faults: `not-found`, `bad-input`. */
  doubt(printId: string): LabelPrintRow {
    return this.#decide(printId, ['held'], { state: 'unconfirmed' });
  }

  /** The label is not printed, and nothing waits for it any more. Faults: `not-found`, `bad-input`. */
  skip(printId: string, reason: string, by: Actor): LabelPrintRow {
    const { audit, database } = this.#options;
    const row = this.#require(printId, ['asked', 'waiting', 'failed', 'unconfirmed', 'held']);
    database.transaction(() => {
      audit.record(by, 'label.skip', nameOf(row), { print: printId, run: row.runId, reason });
      this.#write(printId, { state: 'skipped', slot: null });
    });
    return this.#changed(printId);
  }

  /** Its slot does not wait for it any more. Faults: `not-found`. */
  leaveSlot(printId: string): LabelPrintRow {
    this.get(printId);
    this.#options.database.transaction(() => this.#write(printId, { slot: null }));
    return this.#changed(printId);
  }

  /** The label was scanned on its unit. Faults: `not-found`. */
  scanned(printId: string): LabelPrintRow {
    const { database, platform } = this.#options;
    const row = this.get(printId);
    database.transaction(() =>
      this.#write(printId, {
        scannedAtMs: platform.clock.nowMs(),
        ...(row.confirmedBy === null ? { confirmedBy: 'scan' } : {}),
      }),
    );
    return this.#changed(printId);
  }

  /** A label that counts no more, such as one that is lost. Faults: `not-found`, `bad-input` when it is void already. */
  voidLabel(printId: string, reason: string, by: Actor): LabelPrintRow {
    const { audit, database, platform } = this.#options;
    const row = this.get(printId);
    if (row.voidAtMs !== null)
      throw new Fault('bad-input', `print ${printId} is void already`, { hint: 'It stays void.' });
    database.transaction(() => {
      audit.record(by, 'label.void', nameOf(row), { print: printId, run: row.runId, reason });
      database.labelPrints.voidLabel(printId, platform.clock.nowMs(), by.user, reason);
    });
    return this.#changed(printId);
  }

  #add(
    run: RunRow,
    label: UnitLabel,
    what: {
      readonly reason: 'pass' | 'reprint';
      readonly why: string;
      readonly copies: number;
      readonly by: string;
      readonly atMs: number;
      readonly wantsScan: boolean;
      readonly state: 'asked' | 'waiting';
      readonly slot: number | null;
    },
  ): string[] {
    const { database, platform } = this.#options;
    const live = run.unitId === null ? null : database.triples.findLiveOfUnit(run.unitId);
    return Array.from({ length: what.copies }, () => {
      const printId = platform.random.id();
      database.labelPrints.add({
        printId,
        runId: run.runId,
        unitId: run.unitId,
        tripleId: live?.tripleId ?? null,
        template: label.template?.sha256 ?? DEFAULT_TEMPLATE,
        payload: label.payload,
        reason: what.reason,
        why: what.why,
        askedBy: what.by,
        askedAtMs: what.atMs,
        wantsScan: what.wantsScan,
        state: what.state,
        slot: what.slot,
      });
      return printId;
    });
  }

  /** Durable before the first byte leaves. Faults: `bad-input` for a print that was left out or is void since. */
  #beginSending(printId: string, place: string | null): void {
    const { database, platform } = this.#options;
    const sentAtMs = platform.clock.nowMs();
    database.transaction(() => {
      this.#require(printId, ['waiting']);
      this.#write(printId, { state: 'sending', sentAtMs, place });
    });
  }

  #decide(
    printId: string,
    from: readonly LabelPrintRow['state'][],
    change: Parameters<WritableDatabase['labelPrints']['change']>[1],
  ): LabelPrintRow {
    this.#require(printId, from);
    this.#options.database.transaction(() => this.#write(printId, change));
    return this.#changed(printId);
  }

  #require(printId: string, from: readonly LabelPrintRow['state'][]): LabelPrintRow {
    const row = this.get(printId);
    if (from.includes(row.state) && row.voidAtMs === null) return row;
    throw new Fault('bad-input', `print ${printId} is ${row.voidAtMs === null ? row.state : 'void'}`, {
      hint: 'Look at what became of it: "label list".',
    });
  }

  #end(printId: string, change: Parameters<WritableDatabase['labelPrints']['change']>[1]): LabelPrintRow {
    const { database, platform } = this.#options;
    database.transaction(() => this.#write(printId, { ...change, endedAtMs: platform.clock.nowMs() }));
    return this.#changed(printId);
  }

  #write(printId: string, change: Parameters<WritableDatabase['labelPrints']['change']>[1]): void {
    this.#options.database.labelPrints.change(printId, change);
  }

  #changed(printId: string): LabelPrintRow {
    const row = this.get(printId);
    for (const listener of this.#listeners) listener(row);
    return row;
  }
}
