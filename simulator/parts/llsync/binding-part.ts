import type { Air } from './air.ts';
import { codes } from './codes.ts';
import type { IncomingMessage } from './framing.ts';

export interface BindingOptions {
  /** Seconds that the unit waits for a press of its button; `null`: it binds without. */
  readonly secureBindS: number | null;
  readonly firmware: () => string;
}

/** Messages 00 to 0A: binding, connection, unbinding. The binding is kept without power. */
export class BindingPart {
  readonly #air: Air;
  readonly #options: BindingOptions;
  #binding: { readonly localKey: Buffer; readonly bindId: Buffer } | null = null;
  #mayConfirm = false;
  /** A binding that waits for the button. */
  #waiting: { readonly nonce: number; readonly time: number } | null = null;

  constructor(air: Air, options: BindingOptions) {
    this.#air = air;
    this.#options = options;
  }

  /** What the station has bound it with; `null` when it is free. */
  get bindId(): Buffer | null {
    return this.#binding?.bindId ?? null;
  }

  disconnected(): void {
    this.#mayConfirm = false;
    this.#waiting = null;
  }

  forget(): void {
    this.#binding = null;
  }

  /** The button of a unit that is bound securely. False when nothing waits for it. */
  press(declines: boolean): boolean {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#sign(waiting, declines);
    return waiting !== null;
  }

  handle({ type, body }: IncomingMessage): void {
    const data = body.subarray(2);
    switch (type) {
      case 0x00:
        return this.#begin(data);
      case 0x01:
        return this.#authenticate(data);
      case 0x02:
        return this.#store(data);
      case 0x04:
        return this.#signUnbinding(data);
      case 0x05:
        return this.#connect();
      case 0x07:
        this.#binding = null;
        this.#air.isConnected = false;
        return;
      case 0x0a:
        this.#waiting = null;
        return;
      default:
      // 03, 06, 08: it failed at the station; 0C: the app is ready; 0D: the phone runs iOS.
    }
  }

  #begin(data: Buffer): void {
    if (data.length < 8) return;
    const request = { nonce: data.readUInt32BE(0), time: data.readUInt32BE(4) };
    const { secureBindS } = this.#options;
    if (secureBindS === null) return this.#sign(request, this.#air.take('bind', 'refuse'));
    this.#waiting = request;
    this.#air.say('wait', { type: 0x0d, body: Buffer.of(secureBindS >> 8, secureBindS & 0xff) });
  }

  #sign({ nonce, time }: { readonly nonce: number; readonly time: number }, declined: boolean): void {
    const { identity } = this.#air.context.flash;
    if (identity === null) return;
    const code = codes.bind(identity.deviceSecret, identity, nonce, time);
    const body = Buffer.concat([code, Buffer.from(identity.deviceName)]);
    this.#air.say('bind', { type: 0x05, body, declined });
  }

  #store(data: Buffer): void {
    if (data.length < 13) return;
    // The link may break before the flash is written, or after.
    if (this.#air.take('bound', 'lose')) return this.#air.breakConnections();
    this.#binding = {
      localKey: Buffer.from(data.subarray(1, 5)),
      bindId: Buffer.from(data.subarray(5, 13)),
    };
    if (this.#air.take('bound', 'drop')) this.#air.breakConnections();
  }

  #authenticate(data: Buffer): void {
    const { identity } = this.#air.context.flash;
    const key = this.#binding?.localKey;
    if (identity === null || key === undefined || data.length < 24) return;
    const time = data.readUInt32BE(0);
    if (!codes.mayConnect(key, time, data.subarray(4, 24))) return;
    this.#mayConfirm = true;
    const body = Buffer.concat([codes.connect(key, identity, time), Buffer.from(identity.deviceName)]);
    this.#air.say('connect', { type: 0x06, body });
  }

  /** Only after the signature: else a central could skip it. */
  #connect(): void {
    if (!this.#mayConfirm) return;
    this.#mayConfirm = false;
    this.#air.isConnected = true;
    this.#air.sayInfo(this.#options.firmware());
    this.#air.say('status', { type: 0x02 });
  }

  #signUnbinding(data: Buffer): void {
    const key = this.#binding?.localKey;
    if (key === undefined || !codes.mayUnbind(key, data)) return;
    this.#air.say('unbind', { type: 0x07, body: codes.unbind(key) });
  }
}
