import type { BluetoothLink } from '../../parts/bluetooth/index.ts';
import { Tasks } from '../../parts/tasks.ts';
import type { GattService } from '../../radio/index.ts';
import type { Device, DeviceContext } from '../profile.ts';
import { medicalFloat, NOT_A_NUMBER } from './medical-float.ts';

export const FIRMWARE = { model: 'GW-TEMP-1', version: '2.0.1' } as const;
const USUAL = { celsius: 36.4, percent: 48.5, pascal: 101_325 } as const;
const MEASURES_EVERY_MS = 200;
/** Flags of a temperature measurement: Celsius, no time, no type (GATT Specification Supplement, 2A1C). */
const CELSIUS = 0x00;
const TYPE_BODY = 2;

export const UUID = {
  health: '1809',
  measurement: '2A1C',
  type: '2A1D',
  environment: '181A',
  pressure: '2A6D',
  temperature: '2A6E',
  humidity: '2A6F',
  console: '6E400001B5A3F393E0A9E50E24DCCA9E',
  command: '6E400002B5A3F393E0A9E50E24DCCA9E',
  reply: '6E400003B5A3F393E0A9E50E24DCCA9E',
} as const;

/**
 * A thermometer that has no port. It measures as long as it has power, and indicates each value to who has subscribed. A console
 * over two characteristics (in the manner of Nordic's UART service) takes lines.
 */
export class Thermometer implements Device {
  readonly #context: DeviceContext;
  readonly #tasks: Tasks;
  #link: BluetoothLink | null = null;
  #power: AbortController | null = null;
  #line = '';
  #testing = false;

  constructor(context: DeviceContext) {
    this.#context = context;
    this.#tasks = new Tasks(context.onError);
  }

  powerOn(): void {
    const power = new AbortController();
    this.#power = power;
    this.#line = '';
    this.#testing = false;
    this.#tasks.track(this.#measure(power.signal));
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    await this.#tasks.settled();
  }

  /** Its test pads take power only. */
  receive(): void {
    return undefined;
  }

  services(link: BluetoothLink): GattService[] {
    this.#link = link;
    const word = (write: 'writeInt16LE' | 'writeUInt16LE', value: () => number) => (): Buffer => {
      const bytes = Buffer.alloc(2);
      bytes[write](Math.round(value() * 100));
      return bytes;
    };
    return [
      {
        uuid: UUID.health,
        characteristics: [
          { uuid: UUID.measurement, indicates: true },
          { uuid: UUID.type, read: () => Buffer.of(TYPE_BODY) },
        ],
      },
      {
        uuid: UUID.environment,
        characteristics: [
          { uuid: UUID.temperature, read: word('writeInt16LE', () => this.#celsius()) },
          {
            uuid: UUID.humidity,
            read: word('writeUInt16LE', () => this.#context.measure('humidity', USUAL.percent)),
          },
          { uuid: UUID.pressure, read: () => this.#pressure() },
        ],
      },
      {
        uuid: UUID.console,
        characteristics: [
          { uuid: UUID.command, write: (bytes) => this.#receive(bytes) },
          { uuid: UUID.reply, notifies: true },
        ],
      },
    ];
  }

  #celsius(): number {
    return this.#context.measure('celsius', USUAL.celsius);
  }

  /** In tenths of a pascal. */
  #pressure(): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(Math.round(this.#context.measure('pressure', USUAL.pascal) * 10));
    return bytes;
  }

  async #measure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#context.wait(MEASURES_EVERY_MS, signal);
      const isBroken = this.#context.faults.take('ble-wrong-reply') !== null;
      const value = isBroken ? NOT_A_NUMBER : medicalFloat(Math.round(this.#celsius() * 10), -1);
      this.#link?.notify(UUID.measurement, Buffer.concat([Buffer.of(CELSIUS), value]));
    }
  }

  #receive(bytes: Uint8Array): boolean {
    const { faults } = this.#context;
    if (this.#power === null) return false;
    if (faults.take('ble-drop') !== null) {
      this.#link?.breakConnections();
      return true;
    }
    const [end, ...lines] = (this.#line + Buffer.from(bytes).toString('utf8')).split('\n').reverse();
    this.#line = end ?? '';
    for (const line of lines.reverse()) this.#execute(line.trim());
    return true;
  }

  #execute(line: string): void {
    this.#context.commandStarted();
    switch (line) {
      case 'TEST 1':
      case 'TEST 0':
        this.#testing = line.endsWith('1');
        return this.#reply('OK');
      case 'TEST?':
        return this.#reply(this.#testing ? 'TEST 1' : 'TEST 0');
      case 'SN?':
        return this.#reply(this.#context.serialNumber);
      default:
        return this.#reply('ERR');
    }
  }

  /** The reply follows the confirmation of the write. */
  #reply(text: string): void {
    setImmediate(() => this.#link?.notify(UUID.reply, Buffer.from(`${text}\n`)));
  }
}
