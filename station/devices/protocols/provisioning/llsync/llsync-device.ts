import { Fault } from '#shared/domain/fault.ts';
import type { BleLink } from '../ble-provisioning.ts';
import { AUTHENTICATED, CODE_BYTES } from './authentication.ts';
import { type DeviceInfo, garbled, receiveDeviceInfo } from './device-info.ts';
import type { LlsyncKeys } from './llsync-keys.ts';
import { LlsyncLink } from './llsync-link.ts';
import { DATA, describeResult, DEVICE_INFO, EVENT } from './message-types.ts';
import type { LlsyncMessage } from './slices.ts';
import { LLSYNC_SERVICES, llsyncUuid } from './uuids.ts';
import { decodeValues, encodeValues, type LlsyncValue } from './values.ts';

const SERVICES = [llsyncUuid(LLSYNC_SERVICES.data), llsyncUuid(LLSYNC_SERVICES.both)];
/** State byte of a binding that is stored. */
const BOUND = 2;
const TIMED_OUT = 1;
const DONE = 0;

export interface LlsyncDeviceOptions {
  readonly keys: LlsyncKeys;
  /** How long one answer of the unit is awaited. */
  readonly answerMs: number;
}

/**
 * The data service of one unit (FFE0, FFE8) on one connection: binding, properties, events, actions. Source: LLSync protocol 1.4.1
 * and SDK 1.4.1. Faults of every method: `device-silent`, `device-garbled`, `device-rejected` when the unit says no, those of
 * `BleConnection` and of `LlsyncKeys`, the signal's reason.
 */
export class LlsyncDevice implements Disposable {
  readonly link: LlsyncLink;
  readonly #keys: LlsyncKeys;
  readonly #answerMs: number;
  #info: DeviceInfo | null = null;

  private constructor(link: LlsyncLink, { keys, answerMs }: LlsyncDeviceOptions) {
    this.link = link;
    this.#keys = keys;
    this.#answerMs = answerMs;
  }

  static async open(
    bleLink: BleLink,
    options: LlsyncDeviceOptions,
    signal: AbortSignal,
  ): Promise<LlsyncDevice> {
    const { connection } = bleLink;
    const has = await connection.services({ timeoutMs: options.answerMs, signal });
    const service = SERVICES.find((one) => has.includes(one));
    const { address } = connection;
    if (service === undefined)
      throw new Fault('device-rejected', `${address} has no data service of LLSync`, {
        hint: `It has ${has.join(', ') || 'none'}; LLSync is ${LLSYNC_SERVICES.data} or ${LLSYNC_SERVICES.both}.`,
        details: { address },
      });
    return new LlsyncDevice(await LlsyncLink.open({ ...bleLink, service }, signal), options);
  }

  [Symbol.dispose](): void {
    this.link[Symbol.dispose]();
  }

  /**
   * Binds the unit with the key of the run. Returns the seconds that the unit waited for its button; `null` when it did not. Faults:
   * `read-back-mismatch` when the unit does not have the secret of its identity; `device-rejected` when its user declines.
   *
   * @param nonce random, 32 bits
   * @param pressMs how long the button is awaited, at most as long as the unit says
   */
  async bind(nonce: number, pressMs: number, signal: AbortSignal): Promise<number | null> {
    const { link } = this;
    const { name } = this.#keys;
    const atS = this.#keys.nowS();
    const time = Buffer.alloc(8);
    time.writeUInt32BE(nonce, 0);
    time.writeUInt32BE(atS, 4);
    await link.send('deviceInfo', DEVICE_INFO.syncTime, time, signal);
    const { code, waitedS } = await this.#awaitBindCode(pressMs, signal);
    if (code.rejected) {
      await link.request([DEVICE_INFO.bindFailed], signal);
      throw this.#rejected('its user declined the binding');
    }
    const expected = await this.#keys.secretCode(AUTHENTICATED.bind(name, nonce, atS));
    if (!this.#isSigned(code, expected)) {
      await link.request([DEVICE_INFO.bindFailed], signal);
      throw this.#notItsSecret();
    }
    const content = Buffer.concat([Buffer.of(BOUND), await this.#keys.localKey(), await this.#keys.bindId()]);
    await link.send('deviceInfo', DEVICE_INFO.bound, content, signal, { secret: true });
    return waitedS;
  }

  /** Proves both sides to each other, when this connection has not. Returns what the unit says about itself. */
  async connect(signal: AbortSignal): Promise<DeviceInfo> {
    if (this.#info !== null) return this.#info;
    const { link } = this;
    const { name } = this.#keys;
    const atS = this.#keys.nowS();
    const time = Buffer.alloc(4);
    time.writeUInt32BE(atS);
    const request = await this.#keys.localCode(AUTHENTICATED.connectRequest(atS));
    await link.send('deviceInfo', DEVICE_INFO.connect, Buffer.concat([time, request]), signal);
    const what = 'answer to the connection';
    const code = await link.receive({ types: [EVENT.connectCode], timeoutMs: this.#answerMs, what }, signal);
    const expected = await this.#keys.localCode(AUTHENTICATED.connectAnswer(name, atS));
    if (!this.#isSigned(code, expected)) {
      await link.request([DEVICE_INFO.connectFailed], signal);
      throw this.#rejected('it does not have the key of its binding');
    }
    await link.request([DEVICE_INFO.connected], signal);
    const info = await receiveDeviceInfo(link, this.#answerMs, signal);
    this.#info = info;
    return info;
  }

  /** Ends the binding. */
  async unbind(signal: AbortSignal): Promise<void> {
    const { link } = this;
    const request = await this.#keys.localCode(AUTHENTICATED.unbindRequest);
    await link.send('deviceInfo', DEVICE_INFO.unbind, request, signal);
    const what = 'answer to the end of its binding';
    const message = await link.receive(
      { types: [EVENT.unbindCode], timeoutMs: this.#answerMs, what },
      signal,
    );
    const expected = await this.#keys.localCode(AUTHENTICATED.unbindAnswer);
    if (!sameBytes(message.data, expected)) {
      await link.request([DEVICE_INFO.unbindFailed], signal);
      throw this.#rejected('it does not have the key of its binding');
    }
    await link.request([DEVICE_INFO.unbound], signal);
    this.#info = null;
  }

  /** Sets properties. What the unit reported before is forgotten. Faults: `bad-input` for a value without room. */
  async control(values: readonly LlsyncValue[], signal: AbortSignal): Promise<void> {
    await this.#answerQuestions(signal);
    this.link.forget(EVENT.report);
    await this.link.send('data', DATA.control, encodeValues(values), signal);
    const what = 'answer to the control';
    const message = await this.link.receive(
      { types: [EVENT.controlReply], timeoutMs: this.#answerMs, what },
      signal,
    );
    const [result] = message.data;
    if (result !== DONE)
      throw this.#rejected(`the control ${describeResult(result ?? -1)} (${result ?? 'empty'})`);
  }

  /**
   * Waits for reports of a property until one is enough. Returns the last value, also when the time was over; `null` when none came.
   */
  async report(
    id: number,
    isEnough: (value: LlsyncValue) => boolean,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<LlsyncValue | null> {
    const { clock } = this.link;
    const untilMs = clock.monotonicMs() + withinMs;
    let last: LlsyncValue | null = null;
    for (;;) {
      const leftMs = untilMs - clock.monotonicMs();
      const message = await this.#receiveOrNull(EVENT.report, Math.max(0, leftMs), signal);
      if (message === null) return last;
      const values = this.#valuesOf(message, message.data, 'a report');
      await this.link.reply(Uint8Array.of(DATA.reportReply, DONE), signal);
      const found = values.findLast((value) => value.id === id);
      if (found === undefined) continue;
      last = found;
      if (isEnough(found)) return found;
    }
  }

  /** Waits for an event, and confirms it. Returns its parameters. */
  async event(id: number, withinMs: number, signal: AbortSignal): Promise<readonly LlsyncValue[]> {
    await this.#answerQuestions(signal);
    const message = await this.link.receive(
      {
        types: [EVENT.post],
        timeoutMs: withinMs,
        what: `event ${id}`,
        fits: ({ data }) => data[0] === id,
      },
      signal,
    );
    await this.link.reply(Uint8Array.of(DATA.eventReply | id, DONE), signal);
    return this.#valuesOf(message, message.data.subarray(1), 'an event');
  }

  /** Calls an action. Returns its output. */
  async act(
    id: number,
    input: readonly LlsyncValue[],
    withinMs: number,
    signal: AbortSignal,
  ): Promise<readonly LlsyncValue[]> {
    await this.#answerQuestions(signal);
    await this.link.send('data', DATA.action | id, encodeValues(input), signal);
    const what = `answer to the action ${id}`;
    const message = await this.link.receive(
      { types: [EVENT.actionReply], timeoutMs: withinMs, what },
      signal,
    );
    const [result, answered] = message.data;
    if (result !== DONE)
      throw this.#rejected(`the action ${id} ${describeResult(result ?? -1)} (${result ?? 'empty'})`);
    if (answered !== id) throw garbled(this.link, message, what);
    return this.#valuesOf(message, message.data.subarray(2), 'an output');
  }

  /** A unit asks for its state after a connection; this station has none that differs from the unit's own. */
  async #answerQuestions(signal: AbortSignal): Promise<void> {
    if (!this.link.takeKept(EVENT.getStatus)) return;
    await this.link.reply(Uint8Array.of(DATA.statusReply, DONE, 0, 0), signal);
  }

  async #receiveOrNull(type: number, timeoutMs: number, signal: AbortSignal): Promise<LlsyncMessage | null> {
    await this.#answerQuestions(signal);
    return this.link.receiveWithin({ types: [type], timeoutMs, what: 'report' }, signal);
  }

  async #awaitBindCode(
    pressMs: number,
    signal: AbortSignal,
  ): Promise<{ readonly code: LlsyncMessage; readonly waitedS: number | null }> {
    const { link } = this;
    const what = 'answer to the binding';
    const types = [EVENT.bindCode, EVENT.bindWait];
    const first = await link.receive({ types, timeoutMs: this.#answerMs, what }, signal);
    if (first.type === EVENT.bindCode) return { code: first, waitedS: null };
    const [high, low] = first.data;
    if (high === undefined || low === undefined) throw garbled(link, first, 'a time to wait');
    const waitedS = (high << 8) | low;
    const timeoutMs = Math.min(waitedS * 1000, pressMs);
    try {
      const code = await link.receive(
        { types: [EVENT.bindCode], timeoutMs, what: 'press of its button' },
        signal,
      );
      return { code, waitedS };
    } catch (error) {
      // The unit waits as long as the station lets it.
      if (error instanceof Fault && error.code === 'device-silent')
        await link.request([DEVICE_INFO.bindTimeout, TIMED_OUT], signal);
      throw error;
    }
  }

  /** A code and the DeviceName, as the unit signs. */
  #isSigned({ data }: LlsyncMessage, expected: Uint8Array): boolean {
    const name = Buffer.from(data.subarray(CODE_BYTES)).toString('utf8').replace(/\0+$/, '');
    return sameBytes(data.subarray(0, CODE_BYTES), expected) && name === this.#keys.name.deviceName;
  }

  #valuesOf(message: LlsyncMessage, bytes: Uint8Array, what: string): readonly LlsyncValue[] {
    const values = decodeValues(bytes);
    if (values === null) throw garbled(this.link, message, what);
    return values;
  }

  #rejected(why: string): Fault {
    const { address } = this.link.connection;
    return new Fault('device-rejected', `${address}: ${why}`, {
      hint: 'Test it again; when it stays so, the unit is faulty.',
      details: { address },
    });
  }

  #notItsSecret(): Fault {
    const { address } = this.link.connection;
    const { deviceName } = this.#keys.name;
    return new Fault('read-back-mismatch', `${address} does not have the DeviceSecret of ${deviceName}`, {
      hint: 'Burn the identity again, then test the unit again.',
      details: { address, deviceName },
    });
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
