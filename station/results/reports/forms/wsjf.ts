import { encodeWsjf } from '../../documents/index.ts';
import { documentOrZip } from '../document-zip.ts';
import type { ReportForm } from '../report-form.ts';

/** WATS Standard JSON Format: a report for each run. */
export const wsjf: ReportForm = {
  version: 2,
  write: (source) => documentOrZip(source, (run) => encodeWsjf(run, { processCode: source.processCode })),
};
