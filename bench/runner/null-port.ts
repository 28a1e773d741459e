import type { DevicePorts } from '../../station/core/platform/index.ts';

/** Device ports without units. */
export function nullPorts(): DevicePorts {
  return {
    open: (path) =>
      Promise.resolve({
        path,
        write: () => Promise.resolve(),
        onData: () => undefined,
        onLost: () => undefined,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  };
}
