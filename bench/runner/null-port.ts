import type { DevicePorts } from '../../station/core/platform/index.ts';

/** Ports with nothing behind them: what a run costs without a unit. */
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
