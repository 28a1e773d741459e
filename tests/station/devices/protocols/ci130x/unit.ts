import { join } from 'node:path';
import { ActiveFaults, type UnitFault } from '../../../../../simulator/faults/index.ts';
import { NorFlash } from '../../../../../simulator/flash/index.ts';
import {
  ChipFlash,
  Ci130xBootStage,
  crc16,
  partitionTable,
  TABLE_ADDRESSES,
} from '../../../../../simulator/parts/ci130x/index.ts';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';
import { createCi130xProtocol } from '../../../../../station/devices/protocols/ci130x/index.ts';
import type {
  FlashJob,
  FlashProgress,
  FlashResult,
} from '../../../../../station/devices/protocols/flashing/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { VirtualClock } from '../../../../support/virtual-clock.ts';
import { Wire, type WireFault } from '../flashing/wire.ts';

const MODEL = { mac: 'A2:B7:16:CA:2C:1D', hardware: 'CI-03T' };
export const PARTITIONS = [
  { address: 0xa000, size: 0x1800 },
  { address: 0xc000, size: 0x1800 },
  { address: 0xe000, size: 0x1000 },
  { address: 0xf000, size: 0x2345 },
  { address: 0x12000, size: 0x400 },
  { address: 0x13000, size: 0 },
];

/** A firmware with partitions of a few KiB. `change`: a partition that differs from that of other versions. */
export function ci130xFirmware(
  version: string,
  change: number | null = null,
  places: readonly { readonly address: number; readonly size: number }[] = PARTITIONS,
): Buffer {
  const file = Buffer.alloc(0x13000, 0xff);
  const partitions = places.map(({ address, size }, index) => {
    const differs = index === change ? 1 : 0;
    for (let at = 0; at < size; at++) file[address + at] = (at * 13 + index * 7 + differs) & 0xff;
    return { address, size, crc: crc16(file.subarray(address, address + size)) };
  });
  const table = partitionTable({ ...MODEL, software: `jx_ci_03t_firmware_v${version}` }, partitions);
  for (const address of TABLE_ADDRESSES) table.copy(file, address);
  return file;
}

/** What the vendor's updater is for the simulated chip: any program. */
const UPDATER = { name: 'ci130x_updater.bin', bytes: Buffer.alloc(9_000, 0x5a) };

const BOOT_BAUD_RATE = 115_200;

/** A CI130x in memory, switched on when it is flashed. Bytes of another speed than its own are lost. */
export class Ci130xUnit implements Disposable {
  readonly clock = new VirtualClock();
  readonly wire: Wire;
  readonly memory: NorFlash;
  readonly booted: string[] = [];
  readonly #off = new AbortController();
  #baudRate = BOOT_BAUD_RATE;
  readonly #dir = tempDir('ci130x');

  constructor(wireFaults: readonly WireFault[] = [], unitFaults: readonly UnitFault[] = []) {
    this.wire = new Wire(this.clock, wireFaults);
    this.memory = new NorFlash(join(this.#dir.path, 'flash'), 1 << 17);
    this.memory.useFaults(new ActiveFaults(unitFaults, () => undefined));
    const wait = this.clock.sleep;
    const flash = new ChipFlash(this.memory, { ...MODEL, software: 'jx_ci_03t_firmware_v1.0.3' }, wait);
    this.#boot(flash).catch(() => undefined);
  }

  async #boot(flash: ChipFlash): Promise<void> {
    const wait = this.clock.sleep;
    for (;;) {
      const stage = new Ci130xBootStage({
        flash,
        mac: MODEL.mac,
        send: (bytes) => void (this.#isHeard() && this.wire.send(bytes)),
        wait,
        realWait: wait,
        setBaudRate: (baudRate) => (this.#baudRate = baudRate),
        commandStarted: () => undefined,
        onFirmware: (software) => Promise.resolve(void this.booted.push(software)),
      });
      this.wire.onReceive = (bytes) => void (this.#isHeard() && stage.receive(bytes));
      await stage.run(this.#off.signal);
      await new Promise<void>((resolve) => {
        this.wire.onReceive = (bytes) => {
          if (this.#isHeard() && stage.resetBy(bytes)) resolve();
        };
      });
    }
  }

  #isHeard(): boolean {
    return (this.wire.port.baudRates.at(-1) ?? BOOT_BAUD_RATE) === this.#baudRate;
  }

  flash(
    bytes: Uint8Array,
    options: Partial<FlashJob> = {},
    signal = NEVER_ABORTED,
    onProgress = (_: FlashProgress): void => undefined,
    port: DevicePort = this.wire.port,
  ): Promise<FlashResult> {
    const job: FlashJob = {
      chip: 'ci130x',
      images: [{ name: 'jx_ci_03t_firmware.bin', offset: 0, bytes }],
      updater: UPDATER,
      baudRate: 921_600,
      portBaudRate: 115_200,
      verify: 'auto',
      clock: this.clock,
      trace: () => undefined,
      ...options,
    };
    return createCi130xProtocol().flash(port, job, onProgress, signal);
  }

  /** Whether the flash holds all that a firmware has behind the boot loader. */
  holds(firmware: Buffer): boolean {
    return this.memory.read(0x6000, firmware.length - 0x6000).equals(firmware.subarray(0x6000));
  }

  [Symbol.dispose](): void {
    this.#off.abort();
    this.clock[Symbol.dispose]();
    this.memory.close();
    this.#dir[Symbol.dispose]();
  }
}
