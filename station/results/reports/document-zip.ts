import { portableFileName, zipArchive, type ZipEntry } from '#node-kit/files/index.ts';
import { type RunDocument, uuidOf } from '../documents/index.ts';
import { readDocuments } from './read-documents.ts';
import type { ReportSource } from './report-form.ts';

/** Longest part of a name that is a unit's. */
const MAX_UNIT_CHARACTERS = 60;

/**
 * The document of one run; of several runs a ZIP archive with a document for each.
 *
 * @param files see `readDocuments`
 */
export async function* documentOrZip(
  source: ReportSource,
  encode: (run: RunDocument) => string,
  files: 'embedded' | 'named' = 'named',
): AsyncGenerator<string | Uint8Array> {
  if (source.subject.kind === 'run') {
    for await (const run of readDocuments(source, files)) yield encode(run);
    return;
  }
  yield* zipArchive(entriesOf(source, encode, files));
}

async function* entriesOf(
  source: ReportSource,
  encode: (run: RunDocument) => string,
  files: 'embedded' | 'named' = 'named',
): AsyncGenerator<ZipEntry> {
  for await (const run of readDocuments(source, files))
    yield { name: `${documentName(run)}.json`, content: encode(run) };
}

/**
 * `<unit>_<start in UTC>_<run>`, unique in an archive and valid on every file system, also on one that does not distinguish case
 * or has ASCII only.
 */
export function documentName(run: RunDocument): string {
  const unit = (run.serialNumber ?? run.unitId?.text ?? '')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .slice(0, MAX_UNIT_CHARACTERS)
    .replace(/^[.-]+|[.-]+$/g, '');
  const time = new Date(run.startedAtMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
  return portableFileName(`${unit === '' ? 'unit' : unit}_${time}Z_${uuidOf(run.runId)}`);
}
