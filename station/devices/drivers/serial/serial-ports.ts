import { SerialPort } from 'serialport';
import { delay, withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { normalizePortPath } from '#shared/domain/port-path.ts';
import type { DevicePorts, SerialSettings } from '../../../core/platform/index.ts';
import { OpenSerialPort } from './open-serial-port.ts';
import { pollAllEvents } from './poll-all-events.ts';
import { writeWithoutThread } from './write-without-thread.ts';
import { createPortHolders, portBusy, type PortHolders } from './port-holders.ts';

/** A port that was just closed may keep its lock for a moment (node-serialport issue 2735). */
const BUSY_RETRIES_MS = [50, 100, 200] as const;

/** A driver that hangs must not keep a run from ending. */
const OPEN_TIMEOUT_MS = 5000;

/** Serial ports, opened with a lock (TIOCEXCL), so that two slots can never use one. */
export function createSerialPorts(holders: PortHolders = createPortHolders()): DevicePorts {
  return {
    async open(path, settings, signal) {
      throwIfAborted(signal);
      for (let attempt = 0; ; attempt++) {
        try {
          return new OpenSerialPort(await openPort(path, settings, signal), holders);
        } catch (error) {
          if (!(error instanceof Fault) || error.code !== 'port-busy') throw error;
          const pauseMs = BUSY_RETRIES_MS[attempt];
          if (pauseMs === undefined) throw portBusy(path, await holders.of(path), error.cause);
          await delay(pauseMs, signal);
        }
      }
    },
    async findOtherHolders(path) {
      const others = await holders.of(path);
      return others.length === 0 ? null : portBusy(path, others);
    },
  };
}

async function openPort(path: string, settings: SerialSettings, signal: AbortSignal): Promise<SerialPort> {
  const port = new SerialPort({
    // The bindings write \\.\ before the name, so that COM10 and higher are found; it must not be there twice.
    path: normalizePortPath(path),
    baudRate: settings.baudRate,
    dataBits: settings.dataBits ?? 8,
    parity: settings.parity ?? 'none',
    stopBits: settings.stopBits ?? 1,
    rtscts: settings.flowControl === 'rts-cts',
    lock: true,
    autoOpen: false,
    hupcl: false,
  });
  const opened = new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error !== null) return reject(openFault(path, error));
      pollAllEvents(port);
      writeWithoutThread(port);
      resolve();
    });
  });
  try {
    await withDeadline(opened, {
      timeoutMs: OPEN_TIMEOUT_MS,
      signal,
      onTimeout: () => {
        throw new Fault('port-missing', `${path} did not open in ${OPEN_TIMEOUT_MS} ms`, {
          hint: 'Unplug the adapter and plug it in again.',
          details: { port: path },
        });
      },
    });
    return port;
  } catch (error) {
    // A port that opens after all is closed.
    opened.then(
      () => port.close(() => undefined),
      () => undefined,
    );
    throw error;
  }
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
    return portBusy(path, [], cause);
  return new Fault('port-missing', `${path} cannot be opened: ${text.replace(/^Error:? ?/, '')}`, {
    hint: 'Check that the path is a serial port.',
    details,
    cause,
  });
}
