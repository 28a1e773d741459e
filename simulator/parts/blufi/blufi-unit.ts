import type { DeviceContext } from '../../profiles/profile.ts';
import type { GattService } from '../../radio/index.ts';
import type { BluetoothLink } from '../bluetooth/index.ts';
import { Tasks } from '../tasks.ts';
import { type BlufiKind, DIALECTS, TYPE } from './dialect.ts';
import { openFrame, type PhoneFrame, REPORTED } from './frames.ts';
import { NetworkPart, type UnitNetwork } from './network-part.ts';
import { Sender } from './sender.ts';
import { agreeKeys } from './session-keys.ts';

/** Of firmware between a write and what it does with it. */
const ANSWER_MS = { least: 2, most: 8 } as const;
/** Key exchange with the accelerator for big numbers of an ESP32. */
const EXCHANGE_MS = { blufi: 90, 'blufi-v2': 400 } as const;
const PARAMETERS = 1;
/** Tencent's app takes 1.2 for the form with custom data. */
const VERSIONS = {
  blufi: Buffer.of(1, 3),
  'blufi-v2': Buffer.of(1, 4),
  'tencent-combo': Buffer.of(1, 1),
  'tencent-llsync7': Buffer.of(1, 2),
} as const satisfies Readonly<Record<BlufiKind, Buffer>>;

/**
 * The provisioning firmware of a unit with BluFi or one of Tencent's dialects of it: frames, key exchange, network, token. It does
 * what ESP-IDF's profile does with wrong frames: it reports an error and goes on.
 */
export class BlufiUnit {
  readonly #context: DeviceContext;
  readonly #kind: BlufiKind;
  readonly #tasks: Tasks;
  readonly #sender: Sender;
  readonly #network: NetworkPart;
  readonly #wifi: UnitNetwork;
  #power: AbortController | null = null;
  #expected = 0;
  #fragments: Buffer[] = [];
  #total = 0;
  #announced: number | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(context: DeviceContext, kind: BlufiKind, wifi: UnitNetwork) {
    this.#context = context;
    this.#kind = kind;
    this.#wifi = wifi;
    this.#tasks = new Tasks(context.onError);
    this.#sender = new Sender(context);
    this.#network = new NetworkPart({
      context,
      dialect: DIALECTS[kind],
      sender: this.#sender,
      wifi,
      tasks: this.#tasks,
    });
  }

  powerOn(): void {
    this.#power = new AbortController();
  }

  async powerOff(): Promise<void> {
    this.#power?.abort();
    this.#power = null;
    this.disconnected();
    await this.#wifi.close(true);
    await this.#tasks.settled();
  }

  /** A connection has ended: numbers and keys are those of one connection. */
  disconnected(): void {
    this.#begin();
  }

  gatt(link: BluetoothLink): GattService {
    this.#sender.link = link;
    return {
      uuid: 'FFFF',
      characteristics: [
        { uuid: 'FF01', write: (value) => this.#queue(value) },
        { uuid: 'FF02', notifies: true, subscribed: (valueBytes) => this.#begin(valueBytes) },
      ],
    };
  }

  #begin(valueBytes?: number): void {
    this.#expected = 0;
    this.#fragments = [];
    this.#total = 0;
    this.#announced = null;
    this.#sender.reset(valueBytes);
    this.#network.reset();
  }

  /** One write after the other. A confirmation is taken at once: what is being sent waits for it. */
  #queue(value: Uint8Array): boolean {
    const power = this.#power;
    if (power === null) return false;
    const frame = this.#open(value);
    if (frame === null) return true;
    if (frame.type === TYPE.ack) {
      this.#sender.acknowledge(frame.body[0] ?? -1);
      return true;
    }
    if (frame.wantsAck && this.#sender.take('ack', 'lose') === null)
      this.#sender.sayPlain(TYPE.ack, frame.number);
    const body = this.#assemble(frame);
    if (body === null) return true;
    const { wait, random } = this.#context;
    const task = this.#work.then(async () => {
      if (power.signal.aborted) return;
      await wait(random.integer(ANSWER_MS.least, ANSWER_MS.most), power.signal);
      await this.#handle(frame.type, body, power.signal);
    });
    this.#work = task.catch(() => undefined);
    this.#tasks.track(task);
    return true;
  }

  #open(value: Uint8Array): PhoneFrame | null {
    const opened = openFrame(value, this.#expected, this.#sender.keys, DIALECTS[this.#kind].allowsMoreBytes);
    // A frame with the right number counts, whatever else is wrong with it.
    if (!('error' in opened) || opened.error === REPORTED.checksum || opened.error === REPORTED.decrypt)
      this.#expected = (this.#expected + 1) % 256;
    if (!('error' in opened)) return opened;
    this.#sender.sayPlain(TYPE.error, opened.error);
    return null;
  }

  /** The whole body after its last fragment, else `null`. */
  #assemble({ body, isFragment }: PhoneFrame): Buffer | null {
    if (isFragment) {
      if (this.#fragments.length === 0) this.#total = body.length < 2 ? 0 : body.readUInt16LE(0);
      this.#fragments.push(body.subarray(2));
      return null;
    }
    const whole = Buffer.concat([...this.#fragments, body]);
    const isRight = this.#fragments.length === 0 || whole.length === this.#total;
    this.#fragments = [];
    if (isRight) return whole;
    this.#sender.sayPlain(TYPE.error, REPORTED.format);
    return null;
  }

  async #handle(type: number, body: Buffer, signal: AbortSignal): Promise<void> {
    const { askVersion, version } = DIALECTS[this.#kind];
    switch (type) {
      case askVersion:
        return this.#sender.say('version', version, VERSIONS[this.#kind], signal);
      case TYPE.exchange:
        return this.#exchange(body, signal);
      case TYPE.security:
        this.#sender.security = body[0] ?? 0;
        return;
      case TYPE.closeLink:
        return this.#sender.breakLink();
      default:
        return this.#network.handle(type, body, signal);
    }
  }

  async #exchange(body: Buffer, signal: AbortSignal): Promise<void> {
    if (this.#kind !== 'blufi' && this.#kind !== 'blufi-v2') return;
    if (body[0] !== PARAMETERS) {
      this.#announced = body.length === 3 ? body.readUInt16BE(1) : null;
      return;
    }
    await this.#context.wait(EXCHANGE_MS[this.#kind], signal);
    const version = this.#kind === 'blufi-v2' ? 2 : 1;
    const agreed = agreeKeys(version, body.subarray(1), this.#announced, this.#context.random);
    this.#announced = null;
    if ('error' in agreed) return this.#sender.sayPlain(TYPE.error, agreed.error);
    this.#sender.keys = agreed.keys;
    // A public value is sent plain: no security was set yet.
    await this.#sender.say('key', TYPE.exchange, agreed.publicValue, signal);
  }
}
