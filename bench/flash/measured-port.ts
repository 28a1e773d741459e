import type { DevicePort, DevicePorts } from '../../station/core/platform/index.ts';

const END = 0xc0;
const REQUEST = 0x00;
/** FLASH_DATA and FLASH_DEFL_DATA. */
const DATA_COMMANDS: ReadonlySet<number | undefined> = new Set([0x03, 0x11]);

/** The blocks of one image on the line: their bytes with frames, and the time from the first one to its last reply. */
export interface Transfer {
  readonly bytes: number;
  readonly ms: number;
}

/** Ports that measure the largest transfer of blocks over them, for any loader. */
export class MeasuredPorts implements DevicePorts {
  readonly #ports: DevicePorts;
  #largest: Transfer = { bytes: 0, ms: 0 };
  #bytes = 0;
  #startedMs = 0;
  #repliedMs = 0;

  constructor(ports: DevicePorts) {
    this.#ports = ports;
  }

  /** The transfer with the most bytes so far. */
  get largest(): Transfer {
    this.#end();
    return this.#largest;
  }

  async open(...args: Parameters<DevicePorts['open']>): Promise<DevicePort> {
    const port = await this.#ports.open(...args);
    return {
      path: port.path,
      write: (bytes, signal) => {
        this.#written(bytes);
        return port.write(bytes, signal);
      },
      onData: (listener) =>
        port.onData(
          listener === null
            ? null
            : (bytes) => {
                this.#repliedMs = performance.now();
                listener(bytes);
              },
        ),
      onLost: (listener) => port.onLost(listener),
      setBaudRate: async (baudRate) => port.setBaudRate?.(baudRate),
      [Symbol.asyncDispose]: () => port[Symbol.asyncDispose](),
    };
  }

  /** A write that begins with another command ends the transfer. */
  #written(bytes: Uint8Array): void {
    const begins = bytes[0] === END && bytes[1] === REQUEST;
    const isData = begins && DATA_COMMANDS.has(bytes[2]);
    if (begins && !isData) this.#end();
    if (isData && this.#bytes === 0) this.#startedMs = performance.now();
    if (isData || this.#bytes > 0) this.#bytes += bytes.length;
  }

  #end(): void {
    if (this.#bytes > this.#largest.bytes)
      this.#largest = { bytes: this.#bytes, ms: this.#repliedMs - this.#startedMs };
    this.#bytes = 0;
  }
}
