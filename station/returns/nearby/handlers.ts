import type { SectionHandlers } from '#shared/contract/index.ts';
import { listenNearby, type NearbyOptions, readNearby } from './nearby.ts';

export function nearbyHandlers(options: NearbyOptions): SectionHandlers<'nearby'> {
  return {
    'nearby.listen': async ({ forMs }, { signal }) => ({ units: await listenNearby(options, forMs, signal) }),
    'nearby.read': ({ address }, { signal }) => readNearby(options, address, signal),
  };
}
