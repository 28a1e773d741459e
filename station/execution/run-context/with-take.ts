import type { BleCentral } from '../../core/platform/index.ts';

/** The same adapter with another way to take a unit: a run that identifies its unit gets the one that was taken before. */
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
