import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { asFileFault } from '#node-kit/files/index.ts';
import {
  MAX_REPORT_SCHEDULES,
  REPORT_FORMS,
  type ReportSchedule,
  type ReportSchedules,
  type ScheduledReport,
} from '#shared/contract/index.ts';
import { reportSchedule } from '#shared/contract/report-schedules.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ReadableDatabase, ReportScheduleRow, ScheduledReportRow } from '../../core/database/index.ts';

/** Reports that are not due any more and are shown. */
const SHOWN_REPORTS = 100;

export type NewSchedule = Pick<ReportSchedule, 'occasion' | 'format' | 'csv' | 'pdf' | 'folder'>;

/** The schedules of the station. One that a later version wrote and this one does not know is left out. */
export function listSchedules({ reportSchedules }: ReadableDatabase): ReportSchedule[] {
  return reportSchedules.list().flatMap((row) => toSchedule(row) ?? []);
}

export function describeSchedules(database: ReadableDatabase): ReportSchedules {
  const { reportSchedules } = database;
  const reports = [...reportSchedules.listDue().toReversed(), ...reportSchedules.listLatest(SHOWN_REPORTS)];
  return { schedules: listSchedules(database), reports: reports.map(toReport) };
}

/** Faults: `bad-input` for too many schedules, and for a format that cannot be made of a batch or of runs. */
export function requireSchedulable(database: ReadableDatabase, { occasion, format }: NewSchedule): void {
  if (database.reportSchedules.list().length >= MAX_REPORT_SCHEDULES) {
    throw new Fault('bad-input', `there are ${MAX_REPORT_SCHEDULES} schedules of reports already`, {
      hint: 'Remove one first.',
    });
  }
  const subject = occasion.at === 'shift-end' ? 'runs' : 'batch';
  if (REPORT_FORMS[format].of.includes(subject)) return;
  const words = subject === 'runs' ? 'the runs of a shift' : 'a batch';
  throw new Fault('bad-input', `${format} is no form of ${words}`, { hint: 'Choose another format.' });
}

/**
 * The whole path of a folder for reports, which is made. Faults: `bad-input` for a path that is not absolute or is in the data
 * directory, also by a link; those of `requireWritable`.
 */
export async function requireFolder(folder: string, dataDir: string): Promise<string> {
  if (!isAbsolute(folder)) {
    throw new Fault('bad-input', `${folder} is not the whole path of a folder`, {
      hint: 'Write it from the beginning of the disk or of the network share.',
      details: { folder },
    });
  }
  const path = resolve(folder);
  const inDataDir = new Fault('bad-input', `${folder} is in the data directory of the station`, {
    hint: 'Choose a folder beside it.',
    details: { folder },
  });
  if (isIn(resolve(dataDir), path)) throw inDataDir;
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw asFolderFault(error, path);
  }
  if (isIn(await realpath(dataDir), await realpath(path))) throw inDataDir;
  await requireWritable(path);
  return path;
}

/**
 * Makes sure that files can be written to a folder, by writing one and removing it. A missing folder is not made: it may be on a
 * disk or a share that is not connected now, and the report would be hidden under it later.
 * Faults: `file-missing`, `file-denied`, `disk-read-only`, `disk-full`, `disk-failing`.
 */
export async function requireWritable(path: string): Promise<void> {
  const probe = join(path, '.gongwei-probe');
  try {
    await writeFile(probe, '');
    // Another station may have removed it.
    await rm(probe, { force: true });
  } catch (error) {
    throw asFolderFault(error, path);
  }
}

function isIn(dir: string, path: string): boolean {
  const way = relative(dir, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function asFolderFault(error: unknown, path: string): unknown {
  return asFileFault(error, path, 'written', {
    'file-missing': {
      message: `the folder ${path} does not exist`,
      hint: 'Connect the disk or the network share, or choose another folder.',
    },
    'file-denied': { hint: 'Choose a folder that the station may write to.' },
  });
}

function toSchedule({
  definition,
  scheduleId,
  folder,
  createdAtMs,
  createdBy,
}: ReportScheduleRow): ReportSchedule | null {
  const own = JSON.parse(definition) as object;
  const parsed = reportSchedule.safeParse({ ...own, scheduleId, folder, createdAtMs, createdBy });
  return parsed.data ?? null;
}

function toReport({ fault, batchId: _, ...row }: ScheduledReportRow): ScheduledReport {
  return { ...row, fault: fault === null ? null : (JSON.parse(fault) as ScheduledReport['fault']) };
}
