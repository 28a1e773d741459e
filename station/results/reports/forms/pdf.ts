import { batchPdf, readBatchData } from '../pdf/index.ts';
import type { ReportForm, ReportSource } from '../report-form.ts';

/** The report of a batch for people outside: cover, yield, causes of failures, distributions, failed runs, signatures. */
export const pdf: ReportForm = { version: 2, write };

async function* write(source: ReportSource): AsyncGenerator<Uint8Array> {
  const { database, subject, yielder, pdf: style } = source;
  const batch = subject.kind === 'batch' ? database.batches.findById(subject.batchId) : null;
  if (batch === null) throw new Error(`a PDF has no subject ${subject.kind}`);
  const data = await readBatchData(source, batch, style.titles);
  yield* batchPdf(data, style, yielder);
}
