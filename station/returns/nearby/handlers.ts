import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Networks } from '../../execution/networks/index.ts';
import type { ProvisionsNearby } from './provision-nearby.ts';
import { listenNearby, type NearbyOptions, readNearby } from './nearby.ts';

export interface NearbyHandlersOptions extends NearbyOptions {
  readonly returns: ProvisionsNearby;
  readonly networks: Pick<Networks, 'find'>;
}

export function nearbyHandlers({
  returns,
  networks,
  ...options
}: NearbyHandlersOptions): SectionHandlers<'nearby'> {
  return {
    'nearby.listen': async ({ forMs }, { signal }) => ({ units: await listenNearby(options, forMs, signal) }),
    'nearby.read': ({ address }, { signal }) => readNearby(options, address, signal),
    'nearby.provision': async (request, { by, signal }) => {
      const { ssid, stages, secondsToOnline } = await returns.provisionNearby(
        { ...request, networks },
        by,
        signal,
      );
      return { ssid, stages: [...stages], secondsToOnline };
    },
  };
}
