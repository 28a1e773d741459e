import type { Air } from './air.ts';
import type { IncomingMessage } from './framing.ts';
import {
  applyValues,
  boolParameter,
  factoryState,
  floatParameter,
  intParameter,
  type RawValue,
  reportOf,
  splitValues,
} from './template.ts';

const FAILED = 1;
const UNREADABLE = 2;

/** Writes to FFE2: properties and actions. */
export class DataPart {
  readonly state = factoryState();
  readonly #air: Air;

  constructor(air: Air) {
    this.#air = air;
  }

  handle({ type, body }: IncomingMessage): void {
    const values = splitValues(body.subarray(2));
    if (type === 0x00) return this.#control(values);
    if (type >> 6 === 2) return this.#act(type & 0x1f, values ?? []);
  }

  /** Says all properties. */
  report(ids?: readonly number[]): void {
    this.#air.say('report', { type: 0x00, body: reportOf(this.state, ids) });
  }

  #control(values: readonly RawValue[] | null): void {
    const wasOn = this.state.power;
    const isDone = values !== null && applyValues(this.state, values);
    this.#air.sayResult('control', 0x01, values === null ? UNREADABLE : isDone ? 0 : FAILED);
    if (!isDone || values.length === 0) return;
    this.report(values.map(({ id }) => id));
    if (wasOn !== this.state.power) this.#postSwitched();
  }

  /** Event 0, with the new state and the temperature. */
  #postSwitched(): void {
    const body = Buffer.concat([
      boolParameter(0, this.state.power),
      floatParameter(1, this.state.temperature),
    ]);
    this.#air.say('event', { type: 0x03, header: Buffer.of(0), body });
  }

  /** Action 0 blinks as often as its input says, and returns the brightness and the count. Other actions fail. */
  #act(id: number, values: readonly RawValue[]): void {
    const times = values.find((value) => value.id === 0 && value.code === 1)?.bytes.readInt32BE(0) ?? -1;
    const isDone = id === 0 && times >= 0 && !this.#air.take('action', 'refuse');
    // A failure has no id (`ble_lldata_action_handle`).
    if (!isDone) return this.#air.say('action', { type: 0x04, body: Buffer.of(FAILED) });
    const body = Buffer.concat([intParameter(0, this.state.brightness), intParameter(1, times)]);
    this.#air.say('action', { type: 0x04, header: Buffer.of(0, id), body });
  }
}
