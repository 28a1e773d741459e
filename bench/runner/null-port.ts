import type { SerialPorts } from '../../station/core/platform/index.ts';

/** Ports with nothing behind them: what a run costs without a unit. */
export function nullPorts(): SerialPorts {
  return {
    open: (path) =>
      Promise.resolve({
        path,
        write: () => Promise.resolve(),
        onBytes: () => undefined,
        onLost: () => undefined,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  };
}
