/** The forms of reports, by the names that commands and pages use. */
import type { ReportFormat } from '#shared/contract/index.ts';
import type { ReportForm } from '../report-form.ts';
import { atml } from './atml.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';
import { openhtf } from './openhtf.ts';
import { pdf } from './pdf.ts';
import { wsjf } from './wsjf.ts';
import { xlsx } from './xlsx.ts';

export const FORMS: Readonly<Record<ReportFormat, ReportForm>> = {
  csv,
  jsonl,
  xlsx,
  atml,
  openhtf,
  pdf,
  wsjf,
};
