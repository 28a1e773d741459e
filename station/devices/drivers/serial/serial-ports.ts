import { statSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { delay, raceAbort } from '#node-kit/async/index.ts';
import { createByteBacklog } from '#shared/codec/byte-backlog.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts } from '../../../core/platform/index.ts';
import { createPortHolders, namesOf, type PortHolder, type PortHolders } from './port-holders.ts';

/** Interval of the check whether a port still exists: its bindings report a pulled cable only at the next write. */
const PRESENCE_INTERVAL_MS = 250;

/** A port that was just closed may keep its lock for a moment (node-serialport issue 2735). */
const BUSY_RETRIES_MS = [50, 100, 200] as const;

/** A list of open files takes some 20 ms of a processor; ports that are opened within this time share one. */
const OPENING_MAX_AGE_MS = 5000;
/** A privileged program may open a locked port, so it is checked again at this interval; ports share lists of this age. */
const HOLDERS_INTERVAL_MS = 2500;
const HOLDERS_MAX_AGE_MS = 2000;

/** Bytes that are buffered while there is no listener; the last of them are kept. */
const MAX_BUFFERED_BYTES = 256 * 1024;

/** Serial ports, opened with a lock (TIOCEXCL), so that two slots can never use one. */
export function createSerialPorts(holders: PortHolders = createPortHolders()): DevicePorts {
  return {
    async open(path, settings, signal) {
      throwIfAborted(signal);
      for (let attempt = 0; ; attempt++) {
        const port = new SerialPort({
          path,
          baudRate: settings.baudRate,
          dataBits: settings.dataBits ?? 8,
          parity: settings.parity ?? 'none',
          stopBits: settings.stopBits ?? 1,
          rtscts: settings.flowControl === 'rts-cts',
          lock: true,
          autoOpen: false,
          hupcl: false,
        });
        try {
          await new Promise<void>((resolve, reject) => {
            port.open((error) => (error === null ? resolve() : reject(openFault(path, error))));
          });
          return openedPort(port, holders);
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'port-busy') throw error;
          const pauseMs = BUSY_RETRIES_MS[attempt];
          if (pauseMs === undefined) throw busy(path, await holders.of(path), error.cause);
          await delay(pauseMs, signal);
        }
      }
    },
    async findOtherUsers(path) {
      const others = await holders.of(path);
      return others.length === 0 ? null : busy(path, others);
    },
  };
}

function openedPort(port: SerialPort, holders: PortHolders): DevicePort {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const buffered = createByteBacklog(MAX_BUFFERED_BYTES);
  let lost: Fault | null = null;
  let closing = false;
  /** Initially as the bindings set them when they open a port. */
  let lines: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk?: boolean } = {
    dtr: true,
    rts: true,
  };
  const lostListeners: ((fault: Fault) => void)[] = [];

  port.on('data', (bytes: Buffer) => {
    if (listener === null) buffered.push(bytes);
    else listener(bytes);
  });
  const lose = (cause: unknown): void => {
    if (closing || lost !== null) return;
    lost =
      cause instanceof Fault
        ? cause
        : new Fault('port-lost', `${port.path} went away while in use`, {
            hint: 'Check the cable and the fixture, then start the unit again.',
            details: { port: port.path },
            cause,
          });
    clearInterval(presence);
    clearInterval(others);
    if (port.isOpen) port.close(() => undefined);
    for (const listener of lostListeners) listener(lost);
  };
  let sending = 0;
  /** Drops bytes that the unit does not take (flow control), which delay the close of a port for half a minute. */
  const discardOutput = (): Promise<void> => new Promise((resolve) => port.flush(() => resolve()));
  const opened = deviceNodeAt(port.path);
  const presence = setInterval(() => {
    const now = deviceNodeAt(port.path);
    if (port.path.startsWith('/') && (now === null || now !== opened)) lose(null);
  }, PRESENCE_INTERVAL_MS);
  // Not every program locks its port, and two programs that read one port get half of the bytes each.
  const checkOtherUsers = (maxAgeMs: number): void =>
    void holders.of(port.path, maxAgeMs).then((found) => {
      if (found.length > 0) lose(busy(port.path, found));
    });
  const others = setInterval(checkOtherUsers, HOLDERS_INTERVAL_MS, HOLDERS_MAX_AGE_MS);
  checkOtherUsers(OPENING_MAX_AGE_MS);
  port.on('error', lose);
  port.on('close', lose);

  return {
    path: port.path,
    async write(bytes, signal) {
      if (lost !== null) throw lost;
      const sent = new Promise<void>((resolve, reject) => {
        const done = (error: Error | null | undefined): void => {
          if (error === null || error === undefined) return resolve();
          lose(error);
          reject(lost ?? error);
        };
        port.write(bytes, (error) => (error ? done(error) : port.drain(done)));
      });
      sending += 1;
      await raceAbort(
        sent.finally(() => (sending -= 1)),
        signal,
        discardOutput,
      );
    },
    onData(next) {
      listener = next;
      if (next === null) return;
      for (const bytes of buffered.take()) next(bytes);
    },
    onLost(listener) {
      if (lost !== null) listener(lost);
      else lostListeners.push(listener);
    },
    async setControlLines(changed) {
      if (lost !== null) throw lost;
      // The bindings reset the lines that are left out.
      lines = { ...lines, ...changed };
      await new Promise<void>((resolve, reject) => {
        port.set(lines, (error) =>
          error === null || error === undefined ? resolve() : reject(noLines(port.path, error)),
        );
      });
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      clearInterval(presence);
      clearInterval(others);
      if (!port.isOpen) return;
      if (sending > 0) await discardOutput();
      await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}

/**
 * Identifies the device node at the path of a port: an adapter that is unplugged and plugged in again, or another one,
 * has the same path and another node. Null where there is none, and on Windows (COM3), where the bindings report it.
 */
function deviceNodeAt(path: string): string | null {
  if (!path.startsWith('/')) return null;
  try {
    const { ino, rdev, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
    // Pseudo-terminals have no time of creation; their permissions do not change while they are open.
    return `${ino} ${rdev} ${birthtimeNs === 0n ? ctimeNs : birthtimeNs}`;
  } catch {
    return null;
  }
}

function noLines(path: string, cause: Error): Fault {
  return new Fault('not-configured', `${path} has no control lines: ${cause.message}`, {
    hint: 'Use an adapter with DTR and RTS, or remove these steps from the recipe.',
    details: { port: path },
    cause,
  });
}

/** The fault names the programs that have the port open, where they are known. */
function busy(path: string, holders: readonly PortHolder[], cause?: unknown): Fault {
  const names = namesOf(holders);
  return new Fault('port-busy', `${names === '' ? 'another program' : names} has ${path} open`, {
    hint: names === '' ? 'Close the terminal or flasher that uses it.' : `Close ${names}.`,
    details: { port: path, ...(names === '' ? {} : { holder: names }) },
    cause,
  });
}

/** node-serialport reports errors as text; these are the texts of its Linux, macOS and Windows bindings. */
function openFault(path: string, cause: Error): Fault {
  const text = cause.message;
  const details = { port: path };
  if (/no such file|cannot find|file not found|ENOENT|ENXIO|ENODEV/i.test(text)) {
    return new Fault('port-missing', `there is no port ${path}`, {
      hint: 'Plug the fixture in, or choose its port again.',
      details,
      cause,
    });
  }
  if (/permission denied|EACCES/i.test(text)) {
    return new Fault('port-denied', `this user has no permission to open ${path}`, {
      hint: 'Add the user to the group that owns serial ports (dialout on Debian) and sign in again.',
      details,
      cause,
    });
  }
  if (/cannot lock|busy|access denied|temporarily unavailable|EBUSY/i.test(text))
    return busy(path, [], cause);
  return new Fault('port-missing', `${path} cannot be opened: ${text.replace(/^Error:? ?/, '')}`, {
    hint: 'Check that the path is a serial port.',
    details,
    cause,
  });
}
