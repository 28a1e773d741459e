import { closeSync, constants, openSync } from 'node:fs';

/** Numbers of pseudo-terminals that the system gives to nobody else, by the slot whose port they are. */
export interface PtyNumbers extends Disposable {
  /** False when there is no such terminal any more. */
  hold(slot: number, path: string): boolean;
  release(slot: number): void;
}

/**
 * Keeps the ports of benches that are killed. The system gives the number of a closed terminal to the next that is opened: a
 * station whose bench was killed a moment ago would find the unit of another bench or test there, and burn it. While one end
 * is open, the number stays.
 */
export function holdPtyNumbers(): PtyNumbers {
  const held = new Map<number, number>();
  // Stations look who else has a port open, and leave out those that have a master: these are other ends, not users.
  const master = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  const release = (slot: number): void => {
    const fd = held.get(slot);
    held.delete(slot);
    if (fd !== undefined) closeSync(fd);
  };
  return {
    hold(slot, path) {
      release(slot);
      try {
        held.set(slot, openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
        return true;
      } catch {
        return false;
      }
    },
    release,
    [Symbol.dispose]() {
      for (const slot of [...held.keys()]) release(slot);
      closeSync(master);
    },
  };
}
