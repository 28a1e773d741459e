import { closeSync, constants, openSync } from 'node:fs';
import type { Duplex } from 'node:stream';

import type { Libc } from './libc.ts';
import { PtyStream } from './pty-stream.ts';

/** A serial port without hardware. The simulator has the master; a station opens `path` like any other port. */
export interface PtyPair {
  /** The path that a station opens. It is removed from the file system when the pair is closed. */
  readonly path: string;
  /** The device's end: the station reads the bytes written here, and vice versa. */
  readonly master: Duplex;
  /** The bit rate that the station has set on its end; `null` when unknown. */
  stationBaudRate(): number | null;
  /** Bytes the station has not read yet (the kernel counts up to 4095). */
  unreadBytes(): number;
  /** Hangs up: a station that has the port open reads its end and cannot write any more. */
  close(): void;
  /** Hangs up as `close` does, but reserves the number of the terminal until the result is disposed. */
  unplug(): Disposable;
}

/**
 * Opens a raw pty pair. The slave is kept open here too, because the kernel hangs a pty up when the last opener of the
 * slave closes it, and the port must outlast a station that closes it or is killed.
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
  // A hang-up is not an error of the simulator.
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

/** Number of terminals that are opened before a port gets another path. */
const SAME_PATH_TRIES = 16;

/**
 * Opens a pair whose slave has the wanted path, if that number is free again: the kernel gives out the lowest free one.
 * Otherwise the path is another one.
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
