import { attachmentPaths, readAttachment } from '../../core/attachments/index.ts';
import type { RunDetails } from '../../core/database/index.ts';
import { type DocumentAttachment, readNames, type RunDocument, toRunDocument } from '../documents/index.ts';
import type { ReportSource } from './report-form.ts';

/** A larger file is named, not embedded. */
const MAX_EMBEDDED = 256 * 1024;
/** Of one run. */
const MAX_RUN_EMBEDDED = 1024 * 1024;

/**
 * The runs of a report as documents. Those that have not ended have no result yet, and are left out.
 *
 * @param files `embedded`: small attachments have their bytes; `named`: none has
 */
export async function* readDocuments(
  source: ReportSource,
  files: 'embedded' | 'named' = 'named',
): AsyncGenerator<RunDocument> {
  const { database, pages, onRun } = source;
  const names = readNames(database);
  const attachmentsOf = createAttachmentReader(source, files);
  for await (const page of pages()) {
    for (const details of page) {
      const run = toRunDocument(details, names);
      if (run === null) continue;
      const attachments = await attachmentsOf(details);
      yield attachments.length === 0 ? run : { ...run, attachments };
      onRun();
    }
  }
}

/** The attachments of a run, and the bytes of small ones in their order, as long as there is space for them. */
function createAttachmentReader(
  { database }: Pick<ReportSource, 'database'>,
  files: 'embedded' | 'named',
): (details: RunDetails) => Promise<DocumentAttachment[]> {
  // One query for all runs, where no run of the station has any.
  if (!database.attachments.hasAny()) return () => Promise.resolve([]);
  const stored = attachmentPaths(database);
  return async ({ run, steps }) => {
    let free = MAX_RUN_EMBEDDED;
    const found: DocumentAttachment[] = [];
    for (const row of database.attachments.listOfRun(run.runId)) {
      const { name, mediaType, bytes, sha256, madeBy } = row;
      const { phase = '', step = '', attempt = 1 } = steps.find(({ seq }) => seq === row.stepSeq) ?? {};
      const content =
        files === 'named' ? 'not-asked' : await readAttachment(stored, row, Math.min(MAX_EMBEDDED, free));
      if (typeof content !== 'string') free -= content.length;
      found.push({ step: { phase, step, attempt }, name, mediaType, bytes, sha256, madeBy, content });
    }
    return found;
  };
}
