import { contract, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, type Session } from '#shared/rpc/index.ts';
import {
  createNodePlatform,
  openReopenableStation,
  type Platform,
  type ReopenableStation,
  type Station,
  type StationConfig,
} from '#station';
import { until } from '../support/until.ts';

/** A station as hosts with pages open it, which its pages can open again; closed with the test. */
export interface ReopenableSetup extends AsyncDisposable {
  readonly station: ReopenableStation;
  /** A page of a session. A page from before a reopening has lost its connection. */
  page(session: Session): Client<StationContract>;
  /** Resolves when a station other than `last` is open. */
  reopenedAfter(last: Station): Promise<Station>;
}

/** Work factor of scrypt for the PINs of tests, as a power of two. */
const CHEAP = 4;

/** Opens the station of a data directory, with the slots that are stored there unless `ofHost` has others. */
export async function openReopenable(
  dataDir: string,
  ofTest: (platform: Platform) => Partial<Platform> = () => ({}),
  ofHost: Partial<StationConfig> = {},
): Promise<ReopenableSetup> {
  const station = await openReopenableStation(dataDir, () => {
    const node = createNodePlatform(dataDir, { scryptLog2N: CHEAP });
    const config = { slots: 'remembered' as const, appVersion: '0', autoSync: false, ...ofHost };
    return Promise.resolve({ platform: { ...node, ...ofTest(node) }, config });
  });
  let opened: Station | null = null;
  station.onOpen((next) => (opened = next));
  return {
    station,
    page(session) {
      const [here, there] = createInMemoryTransports();
      station.serve(there, session);
      return connect(contract, here);
    },
    reopenedAfter: (last) =>
      until(() => {
        station.brokenSignal.throwIfAborted();
        return opened !== null && opened !== last && opened;
      }, 'the station to be open again'),
    [Symbol.asyncDispose]: () => station.close(),
  };
}
