import { mkdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
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
 * Makes sure that files can be written to a folder, by writing one and removing it. Faults: `bad-input` for a path that is not
 * absolute or is in the data directory; `file-missing`, `file-denied`, `disk-read-only`, `disk-full`.
 */
export async function requireFolder(folder: string, dataDir: string): Promise<string> {
  if (!isAbsolute(folder)) {
    throw new Fault('bad-input', `${folder} is not the whole path of a folder`, {
      hint: 'Write it from the beginning of the disk or of the network share.',
      details: { folder },
    });
  }
  const path = resolve(folder);
  if (!relative(resolve(dataDir), path).startsWith('..') && !isAbsolute(relative(resolve(dataDir), path))) {
    throw new Fault('bad-input', `${folder} is in the data directory of the station`, {
      hint: 'Choose a folder beside it.',
      details: { folder },
    });
  }
  const probe = join(path, '.gongwei-probe');
  try {
    await mkdir(path, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    throw asFileFault(error, path, 'written', {
      'file-missing': { hint: 'Connect the disk or the network share, or choose another folder.' },
      'file-denied': { hint: 'Choose a folder that the station may write to.' },
    });
  }
  return path;
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
