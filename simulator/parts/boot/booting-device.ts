import type { ControlLines, Device, Stimulus } from '../../profiles/profile.ts';
import { Tasks } from '../tasks.ts';
import type { BootStage } from './boot-stage.ts';

/** A device whose chip runs a boot loader first. The firmware has power only while the boot loader does not run. */
export class BootingDevice implements Device {
  readonly #stage: BootStage;
  readonly #firmware: Device;
  readonly #tasks: Tasks;
  #power: AbortController | null = null;
  #isRunning = false;

  constructor(stage: BootStage, firmware: Device, onError: (error: unknown) => void) {
    this.#stage = stage;
    this.#firmware = firmware;
    this.#tasks = new Tasks(onError);
  }

  powerOn(): void {
    this.#power = new AbortController();
    this.#tasks.track(this.#boot(this.#power.signal));
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    await this.#tasks.settled();
    await this.#stopFirmware();
  }

  receive(bytes: Uint8Array): void {
    const power = this.#power;
    if (power === null) return;
    if (!this.#isRunning) return this.#stage.receive(bytes);
    if (this.#stage.resetBy?.(bytes) !== true) return this.#firmware.receive(bytes);
    this.#tasks.track(this.#reset(power.signal));
  }

  stimulate(stimulus: Stimulus): boolean {
    return this.#isRunning && this.#firmware.stimulate?.(stimulus) === true;
  }

  controlLines(lines: ControlLines): void {
    this.#firmware.controlLines?.(lines);
  }

  async #boot(signal: AbortSignal): Promise<void> {
    await this.#stage.run(signal);
    if (signal.aborted) return;
    this.#isRunning = true;
    this.#firmware.powerOn();
  }

  async #reset(signal: AbortSignal): Promise<void> {
    await this.#stopFirmware();
    if (!signal.aborted) await this.#boot(signal);
  }

  async #stopFirmware(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    await this.#firmware.powerOff();
  }
}
