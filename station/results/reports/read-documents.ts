import { readNames, type RunDocument, toRunDocument } from '../documents/index.ts';
import type { ReportSource } from './report-form.ts';

/** The runs of a report as documents. Those that have not ended have no result yet, and are left out. */
export async function* readDocuments({ database, pages, onRun }: ReportSource): AsyncGenerator<RunDocument> {
  const names = readNames(database);
  for await (const page of pages()) {
    for (const details of page) {
      const run = toRunDocument(details, names);
      if (run === null) continue;
      yield run;
      onRun();
    }
  }
}
