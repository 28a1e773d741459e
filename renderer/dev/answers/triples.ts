import { Fault } from '#shared/domain/fault.ts';
import { poolWith, PRODUCT_ID } from '../fixtures/station.ts';
import { TRIPLE_FILES, triplePreview } from '../fixtures/triple-files.ts';
import type { TriplePreview } from '#shared/contract/index.ts';
import type { Answers, AnswerContext, MockStation } from '../mock-station.ts';
import { wait } from './wait.ts';

const MAX_UNLEASED = 5000;
const UNUSED = { productId: PRODUCT_ID, triples: 140 };

/** Each file that is sent turns out to be this one; leases and returns change the pool. */
export function tripleAnswers(file: TriplePreview = TRIPLE_FILES.good): Answers {
  return {
    'triples.preview': async ({ fileId, map, productId }, context) => {
      await read('preview', fileId, file.rows, context);
      if (map?.dn === undefined && productId === undefined) return file;
      const columns = { dn: 0, secret: 1, product: null, mac: null, serial: null };
      return triplePreview({ header: file.header, columns });
    },
    'triples.import': async ({ fileId, skipBad, map, productId }, context) => {
      const isMapped = map?.dn !== undefined || productId !== undefined;
      const { rows, good, rejected, rejectedRows, products } = isMapped ? TRIPLE_FILES.good : file;
      await read('import', fileId, rows, context);
      if (rejected > 0 && skipBad !== true) return { rows, added: 0, skipped: 0, rejected, rejectedRows };
      for (const one of products) changePool(context.station, one.productId, one.triples);
      return { rows, added: good, skipped: rejected, rejected, rejectedRows };
    },
    'triples.discard': {},
    'triples.unused': { products: [UNUSED] },
    'triples.lease': ({ productId, count }, { station }) => {
      if (count > MAX_UNLEASED) throw new Fault('pool-empty', `the registry has fewer than ${count}`);
      station.answer({ 'triples.unused': { products: [UNUSED, { productId, triples: count }] } });
      return { leased: count, available: changePool(station, productId, count) };
    },
    'triples.giveBack': ({ productId }, { station }) => {
      const returned = productId === PRODUCT_ID ? UNUSED.triples : availableOf(station, productId);
      station.answer({ 'triples.unused': { products: [] } });
      changePool(station, productId, -returned);
      return { returned, refused: [] };
    },
  };
}

/** Publishes the progress of a file. */
async function read(
  kind: 'preview' | 'import',
  fileId: string,
  rows: number,
  { station, signal }: AnswerContext,
): Promise<void> {
  try {
    for (const share of [0.4, 0.8]) {
      station.publish('imports', { running: [{ fileId, kind, rows: Math.round(rows * share) }] });
      await wait(20, signal);
    }
  } finally {
    station.publish('imports', { running: [] });
  }
}

function availableOf(station: MockStation, productId: string): number {
  const product = station.state('pool').products.find((one) => one.productId === productId);
  return product?.counts.available ?? 0;
}

/** Returns how many triples of the product are available then. */
function changePool(station: MockStation, productId: string, count: number): number {
  station.publish('pool', poolWith(station.state('pool'), productId, count));
  return availableOf(station, productId);
}
