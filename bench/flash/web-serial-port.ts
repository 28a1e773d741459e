import type { DevicePort, DevicePorts } from '../../station/core/platform/index.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';

interface Signals {
  readonly dataTerminalReady?: boolean;
  readonly requestToSend?: boolean;
  readonly break?: boolean;
}

/** A port of the station with the interface of the Web Serial API, as far as esptool-js uses it. */
export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly #ports: DevicePorts;
  readonly #path: string;
  #port: DevicePort | null = null;

  constructor(ports: DevicePorts, path: string) {
    this.#ports = ports;
    this.#path = path;
  }

  /** No USB ids: a port of an adapter that esptool-js does not know. */
  getInfo(): object {
    return {};
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    const port = await this.#ports.open(this.#path, { baudRate }, NEVER_ABORTED);
    this.#port = port;
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => port.onData((chunk) => controller.enqueue(chunk)),
      // A reader that is cancelled gets no more.
      cancel: () => port.onData(null),
    });
    this.writable = new WritableStream<Uint8Array>({
      write: (bytes) => port.write(bytes, NEVER_ABORTED),
    });
  }

  async setBaudRate(baudRate: number): Promise<void> {
    await this.#port?.setBaudRate?.(baudRate);
  }

  /** Has no effect where the port has no control lines. */
  async setSignals(signals: Signals): Promise<void> {
    const { dataTerminalReady: dtr, requestToSend: rts, break: brk } = signals;
    await this.#port?.setControlLines?.({
      ...(dtr === undefined ? {} : { dtr }),
      ...(rts === undefined ? {} : { rts }),
      ...(brk === undefined ? {} : { brk }),
    });
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.readable = null;
    this.writable = null;
    await port?.[Symbol.asyncDispose]();
  }
}
