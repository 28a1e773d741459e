import { Fault } from '#shared/domain/fault.ts';
import { noteInWords, openTripleFile, parseColumnMap, readTripleCsv } from '#station';

/** A triple of a file, for the registry. */
export interface ListedTriple {
  readonly line: number;
  readonly deviceName: string;
  readonly deviceSecret: string;
}

/**
 * All triples of one product in a CSV, or a fault that names the first bad row. A registry lends triples to stations and
 * knows no units before these have them: columns of MACs and serial numbers are not used.
 *
 * @param map as `--map` takes it.
 * @param say told what a person should know of the file besides.
 */
export async function readTriplesOf(
  file: string,
  productId: string,
  map: string | undefined,
  say: (words: string) => void,
  signal: AbortSignal,
): Promise<ListedTriple[]> {
  const triples: ListedTriple[] = [];
  const options = {
    defaultProductId: productId,
    bind: false,
    ...(map === undefined ? {} : { map: parseColumnMap(map) }),
    onNotes: (notes: readonly Parameters<typeof noteInWords>[0][]) => {
      for (const note of notes) say(noteInWords(note));
    },
  };
  for await (const row of readTripleCsv(await openTripleFile(file), options, signal)) {
    if ('reason' in row)
      throw new Fault('csv-invalid', `${file}:${row.line}: ${row.reason}`, {
        hint: 'Correct the row; nothing was imported.',
      });
    if (row.triple.productId !== productId) {
      throw new Fault(
        'csv-invalid',
        `${file}:${row.line}: is of product ${row.triple.productId}, not ${productId}`,
        { hint: 'Seed one product at a time.' },
      );
    }
    const { deviceName, deviceSecret } = row.triple;
    triples.push({ line: row.line, deviceName, deviceSecret: Buffer.from(deviceSecret).toString('latin1') });
  }
  return triples;
}
