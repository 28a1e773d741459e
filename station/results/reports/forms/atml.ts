import { ATML_COLLECTION, encodeAtml, encodeAtmlPart } from '../../documents/index.ts';
import { readDocuments } from '../read-documents.ts';
import type { ReportForm } from '../report-form.ts';

/** IEEE 1636.1 TestResults: one run as a document of its own, others as a TestResultsCollection. */
export const atml: ReportForm = {
  version: 2,
  async *write(source) {
    if (source.subject.kind === 'run') {
      for await (const run of readDocuments(source)) yield encodeAtml(run);
      return;
    }
    yield ATML_COLLECTION.head;
    for await (const run of readDocuments(source)) yield encodeAtmlPart(run);
    yield ATML_COLLECTION.tail;
  },
};
