import { unusedLeased } from '../index.ts';
import type { ApiParts, Section } from '../../handler-parts.ts';

export function tripleHandlers({ pool, tripleFiles, store }: ApiParts): Section<'triples'> {
  return {
    'triples.preview': (order, { session, signal }) => tripleFiles.preview(order, session, signal),
    'triples.import': (order, { session, signal }) => tripleFiles.import(order, session, signal),
    'triples.discard': ({ fileId }, { session }) => {
      tripleFiles.discard(fileId, session);
      return {};
    },
    'triples.lease': async ({ productId, count }, { session, signal }) => {
      const leased = await pool.lease(productId, count, signal, session);
      const mine = pool.state().products.find((one) => one.productId === productId);
      return { leased, available: mine?.counts.available ?? 0 };
    },
    'triples.unused': () => ({ products: unusedLeased(store) }),
    'triples.giveBack': async ({ productId }, { session, signal }) => {
      const { returned, refused } = await pool.giveBack(productId, signal, session);
      return { returned, refused: refused.map(({ deviceName, reason }) => ({ deviceName, reason })) };
    },
  };
}
