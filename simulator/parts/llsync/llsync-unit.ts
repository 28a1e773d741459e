import type { AdvertisedContent, GattService } from '../../radio/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';
import type { BluetoothLink } from '../bluetooth/index.ts';
import type { Network } from './network.ts';
import { Tasks } from '../tasks.ts';
import { Air, uuid } from './air.ts';
import { BindingPart } from './binding-part.ts';
import { shortId } from './codes.ts';
import { DataPart } from './data-part.ts';
import { FirmwarePart } from './firmware-part.ts';
import { Assembler } from './framing.ts';
import { ProvisioningPart } from './provisioning-part.ts';

/** The service that the firmware was built with: `FFE0` data, `FFF0` provisioning, `FFE8` both. */
export type LlsyncKind = 'FFE0' | 'FFF0' | 'FFE8';

export interface LlsyncModel {
  readonly kind: LlsyncKind;
  readonly firmware: string;
  /** The Wi-Fi of the unit; `null` for one with Bluetooth only. */
  readonly network: Network | null;
  /** Seconds that a binding waits for a press of the button; `null`: it needs none. */
  readonly secureBindS: number | null;
}

const COMPANY = 0xfee7;
const VERSION = 2;
const STATE = { binding: 1, bound: 2 } as const;
const ANSWER_MS = { least: 2, most: 8 } as const;
const REPLY_BIT = 0x20;

/**
 * The firmware of a device with LLSync: advertisement by state, provisioning, binding, connection, data template and firmware
 * download. Its binding survives a loss of power. Sources: LLSync protocol 1.4.1; SDK 1.4.1 and 1.6.3.
 */
export class LlsyncUnit {
  readonly #context: DeviceContext;
  readonly #model: LlsyncModel;
  readonly #tasks: Tasks;
  readonly #air: Air;
  readonly #binding: BindingPart;
  readonly #data: DataPart;
  readonly #firmware: FirmwarePart;
  readonly #provisioning: ProvisioningPart | null;
  readonly #requests = new Assembler();
  readonly #values = new Assembler();
  #work: Promise<void> = Promise.resolve();

  constructor(context: DeviceContext, model: LlsyncModel) {
    this.#context = context;
    this.#model = model;
    this.#tasks = new Tasks(context.onError);
    this.#air = new Air(context, this.#tasks);
    this.#data = new DataPart(this.#air);
    this.#firmware = new FirmwarePart(this.#air, model.firmware);
    this.#binding = new BindingPart(this.#air, {
      secureBindS: model.secureBindS,
      firmware: () => this.#firmware.version,
    });
    this.#provisioning = model.network === null ? null : new ProvisioningPart(this.#air, model.network);
  }

  powerOn(): void {
    this.#air.power = new AbortController();
    this.#air.log = 'no error';
    this.#data.state.booted = Math.floor(this.#context.nowMs() / 1_000);
  }

  async powerOff(): Promise<void> {
    this.#air.power?.abort();
    this.#air.power = null;
    this.disconnected();
    await this.#model.network?.close(true);
    await this.#tasks.settled();
  }

  /** The connection has ended: the next central must prove itself. */
  disconnected(): void {
    this.#air.disconnected();
    this.#binding.disconnected();
    this.#firmware.disconnected();
    this.#requests.clear();
    this.#values.clear();
  }

  /** The button of a unit that is bound securely. False when nothing waits for it. */
  press(declines: boolean): boolean {
    return this.#binding.press(declines);
  }

  /** What it advertises now. */
  advertised(): AdvertisedContent {
    return {
      services: [this.#model.kind],
      manufacturer: { company: COMPANY, data: this.#manufacturerData() },
    };
  }

  gatt(link: BluetoothLink): GattService {
    this.#air.link = link;
    return {
      uuid: uuid(this.#model.kind),
      characteristics: [
        { uuid: uuid('ffe1'), write: (value) => this.#queue(() => this.#takeRequest(value)) },
        { uuid: uuid('ffe2'), write: (value) => this.#queue(() => this.#takeValues(value)) },
        { uuid: uuid('ffe3'), notifies: true },
        { uuid: uuid('ffe4'), write: (value) => this.#queue(() => this.#takeFirmware(value)) },
      ],
    };
  }

  #manufacturerData(): Buffer {
    const { mac, flash } = this.#context;
    const { bindId } = this.#binding;
    const { productId, deviceName } = flash.identity ?? { productId: '', deviceName: '' };
    if (bindId !== null) {
      const state = Buffer.of((VERSION << 4) | STATE.bound);
      return Buffer.concat([state, shortId({ productId, deviceName }), bindId]);
    }
    const product = Buffer.alloc(10);
    product.write(productId, 'latin1');
    const state = this.#model.kind === 'FFF0' ? VERSION : (VERSION << 4) | STATE.binding;
    return Buffer.concat([Buffer.of(state), Buffer.from(mac.replaceAll(':', ''), 'hex'), product]);
  }

  /** One write after the other, each in the time that the firmware needs. */
  #queue(handle: () => Promise<void> | void): boolean {
    const { power } = this.#air;
    if (power === null) return false;
    const { wait, random } = this.#context;
    const task = this.#work.then(async () => {
      if (power.signal.aborted) return;
      await wait(random.integer(ANSWER_MS.least, ANSWER_MS.most), power.signal);
      await handle();
    });
    this.#work = task.catch(() => undefined);
    this.#tasks.track(task);
    return true;
  }

  async #takeRequest(written: Uint8Array): Promise<void> {
    const message = this.#requests.take(written);
    if (message === null) return;
    const { type, body } = message;
    if (type === 0x09) return this.#air.setMtu(body);
    if (type >= 0xe0) await this.#provisioning?.handle(message);
    else if (this.#model.kind !== 'FFF0') this.#binding.handle(message);
  }

  #takeValues(written: Uint8Array): void {
    const [first = 0] = written;
    // Replies of the station to reports, events and questions need no answer.
    if (!this.#air.isConnected || (first & REPLY_BIT) !== 0) return;
    const message = this.#values.take(written);
    if (message !== null) this.#data.handle(message);
  }

  #takeFirmware(written: Uint8Array): void {
    if (this.#air.isConnected) this.#firmware.handle(written);
  }
}
