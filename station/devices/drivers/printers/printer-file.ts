import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { delay } from '#node-kit/async/index.ts';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { DevicePort, DevicePorts, HostPrinter } from '../../../core/platform/index.ts';
import { PortEvents } from '../port-events.ts';

const FOLDER = '/dev/usb';
const POLL_MS = 20;
const READ_BYTES = 4096;
const MAX_BUFFERED_BYTES = 64 * 1024;

/** A USB printer port of Linux (kernel driver usblp). Other systems have such printers as queues only. */
export function isPrinterFile(path: string): boolean {
  return /^\/dev\/usb\/lp\d+$/.test(path);
}

/** The USB printers that Linux has as files, with the names that they report (IEEE 1284 device id). */
export async function listPrinterFiles(): Promise<readonly HostPrinter[]> {
  const names = await readdir(FOLDER).catch((): string[] => []);
  return Promise.all(
    names
      .filter((name) => isPrinterFile(`${FOLDER}/${name}`))
      .map(async (name) => {
        const id = await readFile(`/sys/class/usbmisc/${name}/device/ieee1284_id`, 'utf8').catch(() => '');
        const model = /(?:MDL|MODEL):([^;]+)/i.exec(id)?.[1]?.trim() ?? null;
        return { kind: 'usb' as const, name: `${FOLDER}/${name}`, title: model };
      }),
  );
}

/** Opens a printer file without blocking, because the driver holds a read until the printer says something. */
export function createPrinterFilePorts(): DevicePorts {
  return {
    async open(path, _settings, signal) {
      throwIfAborted(signal);
      try {
        const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;
        return new PrinterFile(path, await open(path, flags));
      } catch (cause) {
        throw openFault(path, cause);
      }
    },
  };
}

class PrinterFile implements DevicePort {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #events = new PortEvents(2 * MAX_BUFFERED_BYTES);
  readonly #closed = new AbortController();
  readonly #reading: Promise<void>;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.#file = file;
    this.#reading = this.#read();
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#events.lost !== null) throw this.#events.lost;
      throwIfAborted(signal);
      try {
        at += (await this.#file.write(bytes, at)).bytesWritten;
      } catch (error) {
        if (!isNotReady(error)) throw this.#lose(error);
        await delay(POLL_MS, signal);
      }
    }
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#events.onData(listener);
  }

  onLost(listener: (fault: Fault) => void): void {
    this.#events.onLost(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#reading;
    await this.#file.close();
  }

  async #read(): Promise<void> {
    const buffer = Buffer.alloc(READ_BYTES);
    while (!this.#closed.signal.aborted && this.#events.lost === null) {
      let count = 0;
      try {
        if (this.#events.bufferedBytes < MAX_BUFFERED_BYTES)
          count = (await this.#file.read(buffer, 0, READ_BYTES, null)).bytesRead;
      } catch (error) {
        if (!isNotReady(error)) return void this.#lose(error);
      }
      if (count > 0) this.#events.receive(Buffer.from(buffer.subarray(0, count)));
      else await delay(POLL_MS, this.#closed.signal).catch(() => undefined);
    }
  }

  #lose(cause: unknown): Fault {
    const fault = new Fault('port-lost', `${this.path} was lost`, {
      hint: 'Check the cable and the power of the printer.',
      details: { port: this.path },
      cause,
    });
    this.#events.lose(fault);
    return fault;
  }
}

function isNotReady(error: unknown): boolean {
  return hasErrno(error, 'EAGAIN');
}

function openFault(path: string, cause: unknown): Fault {
  const details = { port: path };
  if (hasErrno(cause, 'EACCES', 'EPERM'))
    return new Fault('port-denied', `this user has no permission to open ${path}`, {
      hint: 'Add the user to the group that owns printers (lp on Debian) and sign in again.',
      details,
      cause,
    });
  if (hasErrno(cause, 'EBUSY'))
    return new Fault('port-busy', `another program has ${path} open`, {
      hint: 'Close the other program, or use its print queue.',
      details,
      cause,
    });
  return new Fault('port-missing', `there is no printer at ${path}`, {
    hint: 'Check the cable and the power of the printer.',
    details,
    cause,
  });
}
