import {
  contract,
  type PoolState,
  type StationContract,
  type TriplePreview,
} from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createTopic, type Handlers, type Topic } from '#shared/rpc/index.ts';
import { poolOf } from '../line.ts';

export type PoolTopic = Topic<PoolState, PoolState>;

/** Files of triples as a test or a person says they are; nobody reads what was dropped. */
export interface TripleDesk {
  readonly topic: ReturnType<typeof importsTopic>;
  readonly handlers: Partial<Handlers<StationContract>>;
  /** What the next files turn out to be. */
  next(patch: Partial<TriplePreview>): void;
}

export function tripleDesk(pool: PoolTopic, epoch: string): TripleDesk {
  const topic = importsTopic(epoch);
  let file = GOOD_FILE;
  const unused = new Map<string, number>([['HK2QX1JY7C', 140]]);
  const add = (productId: string, count: number): number => {
    const { products } = pool.state;
    const known = products.find((one) => one.productId === productId);
    const before = known ?? { productId, counts: { ...poolOf(0), burned: 0, registered: 0 } };
    const available = before.counts.available + count;
    const pace = { perHour: 0, emptyInMs: null, emptySoon: false };
    const changed = { ...before, ...pace, counts: { ...before.counts, available } };
    pool.publish({
      products: known
        ? products.map((one) => (one === known ? changed : one))
        : [...products, changed].sort((a, b) => (a.productId < b.productId ? -1 : 1)),
    });
    return available;
  };
  const reading = async (kind: 'preview' | 'import', fileId: string, signal: AbortSignal): Promise<void> => {
    try {
      for (const share of [0.4, 0.8]) {
        topic.publish({ running: [{ fileId, kind, rows: Math.round(file.rows * share) }] });
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (signal.aborted) throw new Fault('cancelled', 'stopped');
      }
    } finally {
      topic.publish({ running: [] });
    }
  };
  return {
    topic,
    next: (patch) => (file = { ...file, ...patch }),
    handlers: {
      'triples.preview': async ({ fileId, map, productId }, { signal }) => {
        await reading('preview', fileId, signal);
        // Whoever says which columns are which is believed.
        if (map?.dn !== undefined || productId !== undefined)
          file = {
            ...GOOD_FILE,
            header: file.header,
            columns: { dn: 0, secret: 1, product: null, mac: null, serial: null },
          };
        return file;
      },
      'triples.import': async ({ fileId, skipBad }, { signal }) => {
        await reading('import', fileId, signal);
        const { rows, good, rejected, rejectedRows, products } = file;
        const taken = rejected === 0 || skipBad === true;
        if (taken) for (const { productId, triples } of products) add(productId, triples);
        return { rows, added: taken ? good : 0, skipped: taken ? rejected : 0, rejected, rejectedRows };
      },
      'triples.discard': () => ({}),
      'triples.lease': ({ productId, count }) => {
        if (count > 5000) throw new Fault('pool-empty', `the registry has fewer than ${count}`);
        unused.set(productId, (unused.get(productId) ?? 0) + count);
        return { leased: count, available: add(productId, count) };
      },
      'triples.unused': () => ({
        products: [...unused].map(([productId, triples]) => ({ productId, triples })),
      }),
      'triples.giveBack': ({ productId }) => {
        const returned = unused.get(productId) ?? 0;
        unused.delete(productId);
        add(productId, -returned);
        return { returned, refused: [] };
      },
    },
  };
}

function importsTopic(epoch: string) {
  return createTopic(contract.topics.imports, { running: [] }, epoch);
}

const GOOD_FILE: TriplePreview = {
  fileName: 'triples.csv',
  delimiter: ',',
  header: ['ProductId', 'DeviceName', 'DeviceSecret', 'Remark'],
  recognized: { product: 0, dn: 1, secret: 2, mac: null, serial: null },
  columns: { product: 0, dn: 1, secret: 2, mac: null, serial: null },
  problem: null,
  rows: 2000,
  good: 2000,
  products: [{ productId: 'HK2QX1JY7C', triples: 2000 }],
  rejected: 0,
  rejectedRows: [],
  notes: [{ kind: 'unused', columns: ['Remark'] }],
  examples: [0, 1, 2, 3, 4].map((n) => ({
    line: n + 2,
    productId: 'HK2QX1JY7C',
    deviceName: `dev_${6101 + n}`,
    unit: null,
  })),
  restoredAtMs: null,
};
