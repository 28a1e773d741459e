import { Fault } from '#shared/domain/fault.ts';
import { openTripleFile, readTripleCsv } from '#station';

/** All triples of one product in a CSV, or a fault that names the first bad row. */
export async function readTriplesOf(
  file: string,
  productId: string,
  signal: AbortSignal,
): Promise<{ deviceName: string; deviceSecret: string }[]> {
  const triples: { deviceName: string; deviceSecret: string }[] = [];
  for await (const row of readTripleCsv(
    await openTripleFile(file),
    { defaultProductId: productId },
    signal,
  )) {
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
    triples.push({ deviceName, deviceSecret: Buffer.from(deviceSecret).toString('latin1') });
  }
  return triples;
}
