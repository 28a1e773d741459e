import {
  type CsvForm,
  MAX_SHIFT_ENDS,
  REPORT_FORMATS,
  REPORT_FORMS,
  type ReportFormat,
  type ReportOccasion,
} from '#shared/contract/index.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

export const OCCASIONS = ['batch-complete', 'batch-closed', 'shift-end'] as const;
export type Occasion = (typeof OCCASIONS)[number];

/** What the form of a schedule shows. */
export interface ScheduleDraft {
  at: Occasion;
  /** `HH:MM`, separated by spaces or commas. */
  times: string;
  format: ReportFormat;
  to: 'folder' | 'registry';
  folder: string;
}

export type ScheduleField = 'times' | 'folder';

export const newScheduleDraft = (): ScheduleDraft => ({
  at: 'batch-closed',
  times: '08:00 20:00',
  format: 'xlsx',
  to: 'folder',
  folder: '',
});

/** The formats that fit: of the runs of a shift, or of a batch. */
export function formatsFor(at: Occasion): ReportFormat[] {
  const subject = at === 'shift-end' ? 'runs' : 'batch';
  return REPORT_FORMATS.filter((format) => REPORT_FORMS[format].of.includes(subject));
}

const TIME = /^([01]?\d|2[0-3])[:：]([0-5]\d)$/;

/** The times of a text, as `HH:MM` in their order; `null` when one is none. */
export function timesOf(text: string): string[] | null {
  const parts = text.split(/[\s,;，；、]+/).filter(Boolean);
  const times = parts.map((part) => {
    const [, hours, minutes] = TIME.exec(part) ?? [];
    return hours === undefined || minutes === undefined ? null : `${hours.padStart(2, '0')}:${minutes}`;
  });
  const known = times.filter((time) => time !== null);
  const isRight = known.length === times.length && known.length > 0 && known.length <= MAX_SHIFT_ENDS;
  return isRight ? [...new Set(known)].sort() : null;
}

/** From the root, a drive or a network share; the station checks it for its own system. */
const WHOLE_PATH = /^(?:\/|\\\\|[A-Za-z]:[\\/])/;

export function problemsOfSchedule({
  at,
  times,
  to,
  folder,
}: ScheduleDraft): Partial<Record<ScheduleField, PlainMessageKey>> {
  const problems: Partial<Record<ScheduleField, PlainMessageKey>> = {};
  if (at === 'shift-end' && timesOf(times) === null) problems.times = 'station.reports.timesWrong';
  if (to === 'folder' && !WHOLE_PATH.test(folder.trim())) problems.folder = 'station.reports.folderWrong';
  return problems;
}

export function occasionOf({ at, times }: ScheduleDraft): ReportOccasion {
  return at === 'shift-end' ? { at, times: timesOf(times) ?? [] } : { at };
}

/** What a format needs to know besides: the separators of the spreadsheets here, or the language of a PDF. */
export function formOf(
  format: ReportFormat,
  csv: CsvForm,
  language: 'zh-CN' | 'en',
): { csv?: CsvForm; pdf?: { language: 'zh-CN' | 'en' } } {
  if (REPORT_FORMS[format].isCsv) return { csv };
  return format === 'pdf' ? { pdf: { language } } : {};
}
