import { closeSync, constants, openSync } from 'node:fs';

/** Reserved pseudo-terminal numbers, one for each slot's port. The system gives a reserved number to no other process. */
export interface PtyNumbers extends Disposable {
  /** Reserves the number of this path. False when the terminal is gone. */
  hold(slot: number, path: string): boolean;
  release(slot: number): void;
}

/**
 * Reserves the numbers of ports whose simulator may be killed. The system reuses the number of a closed terminal for the next one
 * that is opened. A station whose simulator was just killed would then open the port of another simulator, and burn its
 * unit. The number stays reserved as long as one end is open.
 */
export function holdPtyNumbers(): PtyNumbers {
  const descriptors = new Map<number, number>();
  // A station reports other programs that have its port open, except those that have the master of a terminal open.
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  const release = (slot: number): void => {
    const fd = descriptors.get(slot);
    descriptors.delete(slot);
    if (fd !== undefined) closeSync(fd);
  };
  return {
    hold(slot, path) {
      release(slot);
      try {
        descriptors.set(slot, openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
        return true;
      } catch {
        return false;
      }
    },
    release,
    [Symbol.dispose]() {
      for (const slot of [...descriptors.keys()]) release(slot);
      closeSync(master);
    },
  };
}
