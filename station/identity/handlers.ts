import type { SectionHandlers } from '#shared/contract/index.ts';
import { auditIdentity } from './audit-identity.ts';
import { listUnresolved } from './list-unresolved.ts';
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
    'identity.unresolved': ({ state, after }) => listUnresolved(database, state, after),
    'identity.audit': () => auditIdentity(database),
    'triples.preview': (request, { by, signal }) => tripleFiles.preview(request, by, signal),
    'triples.import': (request, { by, signal }) => tripleFiles.import(request, by, signal),
    'triples.discard': ({ fileId }, { by }) => {
      tripleFiles.discard(fileId, by);
      return {};
    },
    'triples.lease': async ({ productId, count }, { by, signal }) => {
      const leased = await pool.lease(productId, count, by, signal);
      const mine = pool.state().products.find((one) => one.productId === productId);
      return { leased, available: mine?.counts.available ?? 0 };
    },
    'triples.unused': () => ({ products: countUnusedLeased(database) }),
    'triples.giveBack': async ({ productId }, { by, signal }) => {
      const { returned, refused } = await pool.giveBack(productId, by, signal);
      return { returned, refused: refused.map(({ deviceName, reason }) => ({ deviceName, reason })) };
    },
  };
}
