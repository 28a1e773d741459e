import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';

import type { Libc } from './libc.ts';
import { PtyStream } from './pty-stream.ts';

/** A serial port without hardware: the simulator has the master, a station opens `path` like any other port. */
export interface PtyPair {
  /** What the station opens. Gone from the file system once the pair is closed. */
  readonly path: string;
  /** The device's end: bytes written here are read by the station, and the other way round. */
  readonly master: Duplex;
  /** The rate in bit/s that the station has set on its end; `null` when unknown. */
  stationBaudRate(): number | null;
  /** Bytes the station has not read yet (the kernel counts up to 4095). */
  unreadBytes(): number;
  /** Hangs up: who still has the port open reads its end and cannot write any more. */
  close(): void;
  /** Hangs up as `close` does, but the system gives the number to nobody else until what it returns is disposed of. */
  unplug(): Disposable;
}

/**
 * Opens a raw pty pair. The slave is held open here too: the kernel hangs a pty up when the last opener of the
 * slave closes it, and a station that closes its port or is killed must not take the unit along.
 */
export function openPty(libc: Libc): PtyPair {
  const masterFd = libc.openMaster();
  let slaveFd: number;
  let path: string;
  try {
    path = libc.slavePathOf(masterFd);
    slaveFd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  } catch (error) {
    closeSync(masterFd);
    throw error;
  }
  libc.makeRaw(slaveFd);
  const master: Duplex = new PtyStream(masterFd);
  // A hang-up is nobody's mistake, and there is nobody to tell.
  master.on('error', () => undefined);
  let closed = false;
  let slaveOpen = true;
  const hangUp = (): void => {
    if (closed) return;
    closed = true;
    master.destroy();
  };
  const close = (): void => {
    hangUp();
    if (slaveOpen) closeSync(slaveFd);
    slaveOpen = false;
  };
  return {
    path,
    master,
    stationBaudRate: () => (closed ? null : libc.speedOf(slaveFd)),
    unreadBytes: () => (closed ? 0 : libc.unreadBytesOf(slaveFd)),
    close,
    unplug() {
      hangUp();
      return { [Symbol.dispose]: close };
    },
  };
}

/** How many other numbers to try before a port comes back under a new name. */
const SAME_PATH_TRIES = 16;

/**
 * Opens a pair whose slave has the wanted path if that number is free again (the kernel gives out the lowest), as a
 * cable that is put back normally gets its old name. Falls back to whatever the kernel gives.
 */
export function reopenPty(libc: Libc, wantedPath: string): PtyPair {
  const others: PtyPair[] = [];
  try {
    for (let attempt = 0; attempt < SAME_PATH_TRIES; attempt++) {
      const pair = openPty(libc);
      if (pair.path === wantedPath) return pair;
      others.push(pair);
    }
    return openPty(libc);
  } finally {
    for (const pair of others) pair.close();
  }
}
