import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import {
  createNodeRandom,
  createSecretDigest,
  noteText,
  openTripleFile,
  parseColumnMap,
  readTripleCsv,
} from '#station';

/** A triple of a file, for the registry. */
export interface ListedTriple {
  readonly line: number;
  readonly deviceName: string;
  readonly deviceSecret: string;
}

interface BadRow {
  readonly line: number;
  readonly reason: string;
  readonly hint: string;
}

const MAX_NAMED = 20;

/**
 * Reads the triples of one product from a CSV file. Columns with MACs and serial numbers are ignored, because a registry knows
 * no units before stations report them. Faults: `csv-invalid` with the error of the first bad row and the lines of others.
 *
 * @param map the value of `--map`
 * @param print receives notes about the file
 */
export async function readTriplesOf(
  file: string,
  productId: string,
  map: string | undefined,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ListedTriple[]> {
  const triples: ListedTriple[] = [];
  const bad: BadRow[] = [];
  const options = {
    digest: createSecretDigest(createNodeRandom().bytes(32)),
    defaultProductId: productId,
    bind: false,
    ...(map === undefined ? {} : { map: parseColumnMap(map) }),
    onNotes: (notes: readonly Parameters<typeof noteText>[0][]) => {
      for (const note of notes) print(noteText(note));
    },
  };
  for await (const row of readTripleCsv(await openTripleFile(file), options, signal)) {
    if ('reason' in row) {
      bad.push({ ...row, hint: 'Correct the row; nothing was imported.' });
      continue;
    }
    if (row.triple.productId !== productId) {
      const reason = `is of product ${row.triple.productId}, not ${productId}`;
      bad.push({ line: row.line, reason, hint: 'Seed one product at a time.' });
      continue;
    }
    if (bad.length > 0) continue;
    const { deviceName, deviceSecret } = row.triple;
    triples.push({ line: row.line, deviceName, deviceSecret: Buffer.from(deviceSecret).toString('latin1') });
  }
  if (bad.length > 0) throw refusal(file, bad);
  return triples;
}

function refusal(file: string, bad: readonly BadRow[]): Fault {
  const [first, ...others] = bad;
  const { line = 1, reason = '', hint = '' } = first ?? {};
  const lines = others.slice(0, MAX_NAMED).map((row) => row.line);
  const rest = others.length > MAX_NAMED ? ', …' : '';
  const also =
    lines.length === 0
      ? ''
      : `; ${counted(others.length, 'other row is', 'other rows are')} wrong, too: ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${rest}`;
  return new Fault('csv-invalid', `${file}:${line}: ${reason}${also}`, { hint, details: { line } });
}
