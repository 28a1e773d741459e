import type { SectionHandlers } from '#shared/contract/index.ts';
import { auditIdentity } from './audit-identity.ts';
import { countUnusedLeased } from './pool/return-unused.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import type { TripleFiles } from './pool/triple-files.ts';
import type { Pool } from './pool/pool.ts';

export function identityHandlers({
  pool,
  tripleFiles,
  database,
}: {
  readonly pool: Pool;
  readonly tripleFiles: TripleFiles;
  readonly database: WritableDatabase;
}): SectionHandlers<'triples' | 'identity'> {
  return {
    'identity.audit': () => auditIdentity(database),
    'triples.preview': (request, { session, signal }) => tripleFiles.preview(request, session, signal),
    'triples.import': (request, { session, signal }) => tripleFiles.import(request, session, signal),
    'triples.discard': ({ fileId }, { session }) => {
      tripleFiles.discard(fileId, session);
      return {};
    },
    'triples.lease': async ({ productId, count }, { session, signal }) => {
      const leased = await pool.lease(productId, count, session, signal);
      const mine = pool.state().products.find((one) => one.productId === productId);
      return { leased, available: mine?.counts.available ?? 0 };
    },
    'triples.unused': () => ({ products: countUnusedLeased(database) }),
    'triples.giveBack': async ({ productId }, { session, signal }) => {
      const { returned, refused } = await pool.giveBack(productId, session, signal);
      return { returned, refused: refused.map(({ deviceName, reason }) => ({ deviceName, reason })) };
    },
  };
}
