import { statSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { delay, raceAbort } from '#node-kit/async/index.ts';
import { createByteBacklog } from '#shared/codec/byte-backlog.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ByteLink, SerialPorts } from '../../../core/platform/index.ts';
import { createPortHolders, namesOf, type PortHolder, type PortHolders } from './port-holders.ts';

/** How often a port is looked for: its bindings tell of a pulled cable only at the next write, and spin until then. */
const PRESENCE_MS = 250;

/** A port that was just closed may keep its lock for a moment (node-serialport issue 2735). */
const BUSY_RETRIES_MS = [50, 100, 200] as const;

/** Looking at all programs takes some 20 ms of a processor, and a line begins many runs at once: one look does for all. */
const SEEN_MS = 5000;
/** Who has the rights of the system may open a port that is locked; a look of another port's is good for so long. */
const OTHERS_MS = 2500;
const SEEN_LATER_MS = 2000;

/** What waits for a listener: the last of it, when a unit talks on. */
const MOST_WAITING_BYTES = 256 * 1024;

/** Ports are opened locked (TIOCEXCL), so that two slots can never talk into one unit. */
export function createSerialPorts(holders: PortHolders = createPortHolders()): SerialPorts {
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
          return createLink(port, holders);
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'port-busy') throw error;
          const pauseMs = BUSY_RETRIES_MS[attempt];
          if (pauseMs === undefined) throw busy(path, await holders.of(path), error.cause);
          await delay(pauseMs, signal);
        }
      }
    },
    async othersOn(path) {
      const others = await holders.of(path);
      return others.length === 0 ? null : busy(path, others);
    },
  };
}

function createLink(port: SerialPort, holders: PortHolders): ByteLink {
  let listener: ((bytes: Uint8Array) => void) | null = null;
  const waiting = createByteBacklog(MOST_WAITING_BYTES);
  let lost: Fault | null = null;
  let closing = false;
  /** As the bindings leave them when they open a port. */
  let held: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk?: boolean } = {
    dtr: true,
    rts: true,
  };
  const lostListeners: ((fault: Fault) => void)[] = [];

  port.on('data', (bytes: Buffer) => {
    if (listener === null) waiting.push(bytes);
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
    for (const tell of lostListeners) tell(lost);
  };
  let sending = 0;
  /** Bytes that the unit does not take (flow control) hold up the system's close of a port for half a minute. */
  const unstick = (): Promise<void> => new Promise((resolve) => port.flush(() => resolve()));
  const opened = nodeAt(port.path);
  const presence = setInterval(() => {
    const now = nodeAt(port.path);
    if (port.path.startsWith('/') && (now === null || now !== opened)) lose(null);
  }, PRESENCE_MS);
  // Not every program locks the port that it opens: two that read it get half of the bytes each.
  const lookForOthers = (maxAgeMs: number): void =>
    void holders.of(port.path, maxAgeMs).then((found) => {
      if (found.length > 0) lose(busy(port.path, found));
    });
  const others = setInterval(lookForOthers, OTHERS_MS, SEEN_LATER_MS);
  lookForOthers(SEEN_MS);
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
        unstick,
      );
    },
    onBytes(next) {
      listener = next;
      if (next === null) return;
      for (const bytes of waiting.take()) next(bytes);
    },
    onLost(tell) {
      if (lost !== null) tell(lost);
      else lostListeners.push(tell);
    },
    async setLines(lines) {
      if (lost !== null) throw lost;
      // Left out, the bindings would drop the other lines.
      held = { ...held, ...lines };
      await new Promise<void>((resolve, reject) => {
        port.set(held, (error) =>
          error === null || error === undefined ? resolve() : reject(noLines(port.path, error)),
        );
      });
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      clearInterval(presence);
      clearInterval(others);
      if (!port.isOpen) return;
      if (sending > 0) await unstick();
      await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}

/**
 * What is at the path of a port: a cable that is pulled and plugged in again, or another adapter, has the same path and
 * another node. Null where nothing is, and on Windows (COM3), where the bindings notice by themselves.
 */
function nodeAt(path: string): string | null {
  if (!path.startsWith('/')) return null;
  try {
    const { ino, rdev, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
    // Pseudo-terminals have no time of birth; nobody changes their rights while they are open.
    return `${ino} ${rdev} ${birthtimeNs === 0n ? ctimeNs : birthtimeNs}`;
  } catch {
    return null;
  }
}

function noLines(path: string, cause: Error): Fault {
  return new Fault('not-configured', `${path} has no control lines: ${cause.message}`, {
    hint: 'Use an adapter with DTR and RTS, or take these steps out of the recipe.',
    details: { port: path },
    cause,
  });
}

/** Whoever has it open is named as far as that can be told. */
function busy(path: string, holders: readonly PortHolder[], cause?: unknown): Fault {
  const names = namesOf(holders);
  return new Fault('port-busy', `${names === '' ? 'another program' : names} has ${path} open`, {
    hint: names === '' ? 'Close the terminal or flasher that uses it.' : `Close ${names}.`,
    details: { port: path, ...(names === '' ? {} : { holder: names }) },
    cause,
  });
}

/** node-serialport gives only text; these are the texts of its Linux, macOS and Windows bindings. */
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
    return new Fault('port-denied', `this user may not open ${path}`, {
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
