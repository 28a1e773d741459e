import { join } from 'node:path';
import { Sequencer } from '#node-kit/async/index.ts';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { shareFile } from '#node-kit/files/index.ts';
import {
  REPORT_FORMS,
  type ReportSchedule,
  type ReportSchedules,
  RUN_COLUMNS,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ScheduledReportRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  createReportWriter,
  exportName,
  manifestFileOf,
  type ReportRequest,
  type ReportWriter,
} from '../reports/index.ts';
import type { RecipeTitles } from '../runs/index.ts';
import { findDue } from './find-due.ts';
import { removeSent, removeUnsent, type ReportRegistry, sendOnce } from './send-once.ts';
import {
  describeSchedules,
  listSchedules,
  type NewSchedule,
  requireFolder,
  requireSchedulable,
  requireWritable,
} from './schedules.ts';

/** How often the ends of shifts are looked for, and reports that could not be written are tried again. */
const CHECK_MS = 60_000;
const MAX_RETRY_MS = 3_600_000;
/** In the data directory: files until the registry has them. */
const SENT_DIR = 'scheduled-reports';

export interface ScheduledReportsOptions {
  readonly platform: Platform;
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly station: () => string;
  readonly config: { readonly appVersion: string };
  /** For PDF. */
  readonly recipeTitles: RecipeTitles;
  /** Ends of shifts are reported only while the clock is trusted. */
  readonly clockTrust: { readonly doubt: unknown };
  readonly registry: () => ReportRegistry | null;
}

/**
 * Writes reports at the end of batches and shifts, each once: what is due is recorded before it is written, its file has a name
 * that does not depend on the attempt, and a record says that it was written. A report that cannot be written stays due and is
 * tried again, after a restart, too.
 */
export class ScheduledReports implements AsyncDisposable {
  readonly #options: ScheduledReportsOptions;
  readonly #writer: ReportWriter;
  readonly #closing = new AbortController();
  readonly #turns = new Sequencer();
  readonly #emptyShifts = new Set<string>();
  /** By schedule and subject: the monotonic time before which it is not tried again. */
  readonly #notBeforeMs = new Map<string, number>();

  constructor(options: ScheduledReportsOptions) {
    this.#options = options;
    this.#writer = createReportWriter(options.platform.paths.dataDir);
  }

  /** Looks for what is due now and from now on. */
  start(): void {
    this.#removeGivenUp();
    void this.#watch();
  }

  state(): ReportSchedules {
    return describeSchedules(this.#options.database);
  }

  /** Faults: those of `requireSchedulable` and `requireFolder`. */
  async add(schedule: NewSchedule, by: Actor): Promise<ReportSchedules> {
    const { database, audit, platform } = this.#options;
    requireSchedulable(database, schedule);
    const folder =
      schedule.folder === null ? null : await requireFolder(schedule.folder, platform.paths.dataDir);
    if (folder === null) this.#requireRegistry();
    const scheduleId = platform.random.id();
    const { occasion, format, csv, pdf } = schedule;
    const definition = JSON.stringify({ occasion, format, csv, pdf });
    database.transaction(() => {
      requireSchedulable(database, schedule);
      audit.record(by, 'reports.schedule', scheduleId, { definition, folder });
      database.reportSchedules.add({
        scheduleId,
        definition,
        folder,
        createdAtMs: platform.clock.nowMs(),
        createdBy: by.user,
      });
    });
    return this.state();
  }

  /** Faults: `not-found`. */
  remove(scheduleId: string, by: Actor): ReportSchedules {
    const { database, audit, platform } = this.#options;
    database.transaction(() => {
      if (!database.reportSchedules.remove(scheduleId, platform.clock.nowMs()))
        throw new Fault('not-found', `there is no schedule ${scheduleId}`);
      audit.record(by, 'reports.unschedule', scheduleId);
    });
    return this.state();
  }

  /** Tries a report at once. Faults: `not-found`. */
  async retry(scheduleId: string, subject: string): Promise<ReportSchedules> {
    if (this.#findDue(scheduleId, subject) === undefined) throw notDue(subject);
    this.#notBeforeMs.delete(keyOf({ scheduleId, subject }));
    await this.#turns.run(() => this.#writeDue());
    return this.state();
  }

  /** Faults: `not-found`. */
  skip(scheduleId: string, subject: string, by: Actor): ReportSchedules {
    const { database, audit } = this.#options;
    database.transaction(() => {
      if (!database.reportSchedules.setSkipped(scheduleId, subject)) throw notDue(subject);
      audit.record(by, 'reports.skip', scheduleId, { subject });
    });
    return this.state();
  }

  /** A run has ended, or a batch was changed. */
  batchesChanged(): void {
    void this.#checkInTurn();
  }

  /** Waits for the end of what is being written. */
  whenIdle(): Promise<void> {
    return this.#turns.whenIdle();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await this.#writer.close();
    await this.#turns.whenIdle();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#checkInTurn();
      await this.#options.platform.clock.sleep(CHECK_MS, signal).catch(() => undefined);
    }
  }

  async #checkInTurn(): Promise<void> {
    try {
      await this.#turns.run(() => this.#check());
    } catch (error) {
      // What is due stays due; the next check finds it.
      if (!this.#closing.signal.aborted) this.#options.platform.log.error('reports.schedules', error);
    }
  }

  async #check(): Promise<void> {
    const { database, platform, clockTrust } = this.#options;
    const schedules = listSchedules(database);
    if (schedules.length > 0) {
      const context = {
        nowMs: platform.clock.nowMs(),
        isClockTrusted: clockTrust.doubt === null,
        emptyShifts: this.#emptyShifts,
      };
      const due = schedules.flatMap((schedule) => findDue(database, schedule, context));
      if (due.length > 0)
        database.transaction(() => {
          for (const one of due) database.reportSchedules.addDue(one);
        });
    }
    await this.#writeDue();
  }

  async #writeDue(): Promise<void> {
    const { database, platform } = this.#options;
    const { clock, log } = platform;
    const due = database.reportSchedules.listDue();
    const schedules = due.length === 0 ? [] : listSchedules(database);
    for (const one of due) {
      const schedule = schedules.find(({ scheduleId }) => scheduleId === one.scheduleId);
      if (schedule === undefined || this.#closing.signal.aborted) continue;
      if ((this.#notBeforeMs.get(keyOf(one)) ?? 0) > clock.monotonicMs()) continue;
      try {
        await this.#write(one, schedule);
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        const { code, message, details } =
          error instanceof Fault ? error : new Fault('internal', 'the report could not be written');
        if (error instanceof Fault) log.warn('reports.scheduled', { subject: one.subject, code });
        else log.error('reports.scheduled', error);
        const waitMs = Math.min(MAX_RETRY_MS, CHECK_MS * 2 ** Math.min(one.attempts, 10));
        this.#notBeforeMs.set(keyOf(one), clock.monotonicMs() + waitMs);
        database.transaction(() =>
          database.reportSchedules.setFailed(one, JSON.stringify({ code, message, details })),
        );
      }
    }
  }

  async #write(one: ScheduledReportRow, schedule: ReportSchedule): Promise<void> {
    const { database, platform, station, config } = this.#options;
    const { format, csv, pdf, folder } = schedule;
    const title = one.batchName ?? 'shift';
    const base = exportName(station(), title, one.dueAtMs);
    const name = this.#freeName(one, folder, base, REPORT_FORMS[format].ending);
    const write = async (file: string): Promise<number> => {
      const appVersion = config.appVersion;
      const titles = this.#titlesOf(one);
      const { runs } = await this.#writer.write(requestOf(one), file, {
        format,
        csv,
        pdf: { ...pdf, titles },
        signal: this.#closing.signal,
        appVersion,
        draft: draftOf(one),
      });
      return runs;
    };
    const { dataDir } = platform.paths;
    const unsent = join(dataDir, SENT_DIR, draftOf(one), name);
    let [file, runs] = [name, 0];
    if (folder === null) {
      const key = `${one.scheduleId}/${one.subject}`;
      const registry = this.#requireRegistry();
      runs = await sendOnce({ key, path: unsent, registry, write }, this.#closing.signal);
    } else {
      await requireWritable(folder);
      file = join(folder, name);
      runs = await write(file);
      // Those who read the folder are other users.
      for (const shared of [file, manifestFileOf(file)]) shareFile(shared);
    }
    const atMs = platform.clock.nowMs();
    database.transaction(() => database.reportSchedules.setWritten(one, { atMs, file, runs }));
    if (folder === null) await removeSent(unsent);
    this.#notBeforeMs.delete(keyOf(one));
    platform.log.info('reports.scheduled', { subject: one.subject, name, runs });
  }

  /**
   * Two schedules, and two batches of one name, may have a report of one time: none takes the file of another. The registry has
   * keys for that.
   */
  #freeName(one: ScheduledReportRow, folder: string | null, base: string, ending: string): string {
    const { reportSchedules } = this.#options.database;
    for (let n = 1; ; n += 1) {
      const name = n === 1 ? `${base}.${ending}` : `${base}-${n}.${ending}`;
      if (folder === null || !reportSchedules.isFileOfAnother(join(folder, name), one)) return name;
    }
  }

  /** Faults: `not-configured`. */
  #requireRegistry(): ReportRegistry {
    const registry = this.#options.registry();
    if (registry !== null) return registry;
    throw new Fault('not-configured', 'this station is not bound to a registry', {
      hint: 'Bind it on the station page, under "Registry", or choose a folder.',
    });
  }

  #titlesOf({ batchId }: ScheduledReportRow): RecipeNames {
    const { database, recipeTitles } = this.#options;
    const batch = batchId === null ? null : database.batches.findById(batchId);
    return batch === null ? {} : recipeTitles([batch.recipeHash]);
  }

  /** What was made of reports that a person gave up, or that the registry has. */
  #removeGivenUp(): void {
    const { database, platform } = this.#options;
    const due = new Set(database.reportSchedules.listDue().map(draftOf));
    try {
      removeUnsent(join(platform.paths.dataDir, SENT_DIR), due);
    } catch (error) {
      platform.log.error('reports.unsent', error);
    }
  }

  #findDue(scheduleId: string, subject: string): ScheduledReportRow | undefined {
    return this.#options.database.reportSchedules
      .listDue()
      .find((one) => one.scheduleId === scheduleId && one.subject === subject);
  }
}

function requestOf({ batchId, fromAtMs, dueAtMs }: ScheduledReportRow): ReportRequest {
  if (batchId !== null) return { kind: 'batch', batchId };
  const filter = { fromAtMs: fromAtMs ?? 0, toAtMs: dueAtMs };
  return { kind: 'runs', filter, nowMs: dueAtMs, columns: RUN_COLUMNS, measurements: true };
}

/** Name of the files of a report until they are complete and sent. */
function draftOf(one: Pick<ScheduledReportRow, 'scheduleId' | 'subject'>): string {
  return sha256Hex(Buffer.from(keyOf(one))).slice(0, 16);
}

function keyOf({ scheduleId, subject }: Pick<ScheduledReportRow, 'scheduleId' | 'subject'>): string {
  return `${scheduleId} ${subject}`;
}

function notDue(subject: string): Fault {
  return new Fault('not-found', `no report of ${subject} is due`, { hint: 'Look at the list again.' });
}
