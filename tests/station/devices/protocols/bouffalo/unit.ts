import { join } from 'node:path';
import { ramProgram } from '../../../../../simulator/firmware/index.ts';
import { ActiveFaults, type UnitFault } from '../../../../../simulator/faults/index.ts';
import { NorFlash } from '../../../../../simulator/flash/index.ts';
import { Bl602BootStage } from '../../../../../simulator/parts/bl602/index.ts';
import { createBouffaloProtocol } from '../../../../../station/devices/protocols/bouffalo/index.ts';
import type {
  FlashImage,
  FlashJob,
  FlashProgress,
  FlashResult,
} from '../../../../../station/devices/protocols/flashing/index.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { VirtualClock } from '../../../../support/virtual-clock.ts';
import { Wire, type WireFault } from '../flashing/wire.ts';

const bytes = (length: number, seed: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (at * 11 + seed + (at >> 7)) & 0xff));

/** The files of the module, at the offsets of the vendor's tool. */
export function bl602Images(seed = 1): readonly FlashImage[] {
  return [
    { name: 'boot2.bin', offset: 0, bytes: bytes(6_000, seed) },
    { name: 'partition.bin', offset: 0xe000, bytes: bytes(284, seed + 1) },
    { name: 'jx_12f_firmware.bin', offset: 0x10000, bytes: bytes(21_000, seed + 2) },
    { name: 'factory_params.bin', offset: 0x1e000, bytes: bytes(1_000, seed + 3) },
  ];
}

/** A BL602 in memory, in its burn mode. */
export class Bl602Unit implements Disposable {
  readonly clock = new VirtualClock();
  readonly wire: Wire;
  readonly memory: NorFlash;
  boots = 0;
  isLocked = false;
  readonly #off = new AbortController();
  readonly #dir = tempDir('bl602');

  constructor(wireFaults: readonly WireFault[] = [], unitFaults: readonly UnitFault[] = []) {
    this.wire = new Wire(this.clock, wireFaults);
    this.memory = new NorFlash(join(this.#dir.path, 'flash'), 1 << 17);
    this.memory.useFaults(new ActiveFaults(unitFaults, () => undefined));
    this.#run().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const wait = this.clock.sleep;
    for (;;) {
      const stage = new Bl602BootStage({
        memory: this.memory,
        send: this.wire.send,
        wait,
        realWait: wait,
        setBaudRate: () => undefined,
        commandStarted: () => undefined,
        isFactory: () => false,
        isLocked: () => this.isLocked,
        onFirmware: () => Promise.resolve(),
      });
      this.wire.onReceive = (received) => stage.receive(received);
      await stage.run(this.#off.signal);
      this.boots += 1;
      // A person holds the boot pin high and resets the unit again.
      await wait(1, this.#off.signal);
    }
  }

  flash(
    images: readonly FlashImage[],
    options: Partial<FlashJob> = {},
    signal = NEVER_ABORTED,
    onProgress = (_: FlashProgress): void => undefined,
  ): Promise<FlashResult> {
    const job: FlashJob = {
      chip: 'bl602',
      images,
      updater: { name: 'eflash_loader_40m.bin', bytes: ramProgram(bytes(9_000, 5)) },
      baudRate: 2_000_000,
      portBaudRate: 115_200,
      verify: 'auto',
      clock: this.clock,
      trace: () => undefined,
      ...options,
    };
    return createBouffaloProtocol().flash(this.wire.port, job, onProgress, signal);
  }

  holds(images: readonly FlashImage[]): boolean {
    return images.every(({ offset, bytes: wanted }) =>
      this.memory.read(offset, wanted.length).equals(wanted),
    );
  }

  [Symbol.dispose](): void {
    this.#off.abort();
    this.clock[Symbol.dispose]();
    this.memory.close();
    this.#dir[Symbol.dispose]();
  }
}
