import { createHash } from 'node:crypto';
import { ESPLoader, type LoaderOptions, Transport } from 'esptool-js';

import type { DevicePorts } from '../../station/core/platform/index.ts';
import { WebSerialPort } from './web-serial-port.ts';

export interface EsptoolJob {
  readonly ports: DevicePorts;
  readonly path: string;
  readonly image: Uint8Array;
  readonly offset: number;
  /** Bit rate for the image. The chip is found at 115200. */
  readonly baudRate: number;
  readonly stub: boolean;
  readonly compress: boolean;
}

export interface EsptoolResult {
  readonly chip: string;
  readonly mac: string;
  /** MD5 of the range, as the chip has calculated it, hex. */
  readonly md5: string;
  readonly writeMs: number;
}

const ROM_BAUD_RATE = 115_200;
/** Blocks of the ROM. esptool-js 0.7.0 sends the stub's 16 KiB to a ROM as well, which refuses them. */
const ROM_BLOCK_BYTES = 0x400;

/** esptool-js as published, with its own transport over a port of the station. */
export class EsptoolJs implements AsyncDisposable {
  readonly loader: ESPLoader;
  readonly #transport: Transport;
  readonly #baudRate: number;

  constructor(ports: DevicePorts, path: string, baudRate: number) {
    this.#baudRate = baudRate;
    const port = new WebSerialPort(ports, path);
    this.#transport = new Transport(port as unknown as ConstructorParameters<typeof Transport>[0]);
    // It writes traces to the console even when tracing is off.
    this.#transport.trace = () => undefined;
    const silent = { clean: () => undefined, writeLine: () => undefined, write: () => undefined };
    const options: LoaderOptions = {
      transport: this.#transport,
      baudrate: baudRate,
      romBaudrate: ROM_BAUD_RATE,
      terminal: silent,
    };
    this.loader = new ESPLoader(options);
  }

  /** Finds the chip, which must be in download mode unless `reset` is true, starts the stub if wanted, and changes the bit rate. Returns the name of the chip. */
  async connect(stub: boolean, reset = false): Promise<string> {
    const { loader } = this;
    await loader.connect(reset ? 'default_reset' : 'no_reset');
    if (stub) await loader.runStub();
    if (this.#baudRate !== ROM_BAUD_RATE) await loader.changeBaud();
    if (!stub) {
      loader.FLASH_WRITE_SIZE = ROM_BLOCK_BYTES;
      await loader.flashSpiAttach(0);
    }
    return loader.chip.CHIP_NAME;
  }

  /** Writes an image. Returns how long it took. */
  async write(image: Uint8Array, offset: number, compress: boolean): Promise<number> {
    const startedMs = performance.now();
    await this.loader.writeFlash({
      fileArray: [{ data: image, address: offset }],
      flashMode: 'keep',
      flashFreq: 'keep',
      flashSize: 'keep',
      eraseAll: false,
      compress,
    });
    return performance.now() - startedMs;
  }

  /** The ROM replies an MD5 as text, which esptool-js 0.7.0 converts to hex once more. */
  async md5(offset: number, length: number): Promise<string> {
    const text = await this.loader.flashMd5sum(offset, length);
    return text.length === 64 ? Buffer.from(text, 'hex').toString('latin1') : text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport.disconnect();
  }
}

/** Flashes an image with esptool-js as published, and asks the chip for its MD5. */
export async function flashWithEsptoolJs(job: EsptoolJob): Promise<EsptoolResult> {
  await using client = new EsptoolJs(job.ports, job.path, job.baudRate);
  const chip = await client.connect(job.stub);
  const mac = await client.loader.chip.readMac(client.loader);
  const writeMs = await client.write(job.image, job.offset, job.compress);
  return { chip, mac, md5: await client.md5(job.offset, job.image.length), writeMs };
}

export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
