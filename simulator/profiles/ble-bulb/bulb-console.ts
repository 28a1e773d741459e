import type { Bulb } from '../../parts/bluetooth/index.ts';
import { LineSplitter } from '../../parts/line-splitter.ts';
import { Tasks } from '../../parts/tasks.ts';
import type { Device, DeviceContext } from '../profile.ts';

export const FIRMWARE = { model: 'GW-BULB-1', version: '1.2.0' } as const;
const BOOT_MS = 150;
const LONGEST_LINE_BYTES = 64;
const USUAL_MV = 3_300;

/** The console on a bulb's test pads: one query per line. */
export class BulbConsole implements Device {
  readonly #context: DeviceContext;
  readonly #bulb: Bulb;
  readonly #tasks: Tasks;
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);
  #power: AbortController | null = null;
  #ready = false;

  constructor(context: DeviceContext, bulb: Bulb) {
    this.#context = context;
    this.#bulb = bulb;
    this.#tasks = new Tasks(context.onError);
  }

  powerOn(): void {
    const power = new AbortController();
    this.#power = power;
    this.#lines.clear();
    const boot = async (): Promise<void> => {
      await this.#context.wait(BOOT_MS, power.signal);
      this.#ready = true;
      this.#send('READY');
    };
    this.#tasks.track(boot());
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    this.#ready = false;
    await this.#tasks.settled();
  }

  receive(bytes: Uint8Array): void {
    const power = this.#power;
    if (power === null || !this.#ready) return;
    for (const line of this.#lines.push(bytes)) {
      this.#context.commandStarted();
      this.#tasks.track(this.#answer(line.kind === 'line' ? line.text.trim() : '', power.signal));
    }
  }

  async #answer(question: string, signal: AbortSignal): Promise<void> {
    const context = this.#context;
    await context.wait(context.random.integer(2, 8), signal);
    switch (question) {
      case 'MAC?':
        return this.#send(`MAC:${context.mac}`);
      case 'VER?':
        return this.#send(`VER:${FIRMWARE.model} ${FIRMWARE.version}`);
      case 'SN?':
        return this.#send(`SN:${context.serialNumber}`);
      case 'VCC?':
        return this.#send(
          `VCC:${Math.round(context.measure('vcc', USUAL_MV)) + context.random.integer(-6, 6)}`,
        );
      case 'LAMP?':
        return this.#send(`LAMP:${this.#bulb.status.toString('hex').toUpperCase()}`);
      default:
        return this.#send('ERR');
    }
  }

  #send(text: string): void {
    this.#context.send(Buffer.from(`${text}\r\n`));
  }
}
