import { encodeOpenHtf } from '../../documents/index.ts';
import { documentOrZip } from '../document-zip.ts';
import type { ReportForm } from '../report-form.ts';

/** OpenHTF JSON: a record for each run, with its small attachments. */
export const openhtf: ReportForm = {
  version: 2,
  write: (source) => documentOrZip(source, encodeOpenHtf, 'embedded'),
};
