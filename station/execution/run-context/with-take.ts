import type { BleCentral } from '../../core/platform/index.ts';

/** The same adapter, whose units are taken in another way: a unit that was taken before is given to whoever identifies it. */
export function withTake(ble: BleCentral, take: BleCentral['take']): BleCentral {
  return {
    ready: (signal) => ble.ready(signal),
    scan: (...scan) => ble.scan(...scan),
    find: (...find) => ble.find(...find),
    connect: (...connect) => ble.connect(...connect),
    take,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
