import type { DevicePort } from '../../../../../station/core/platform/index.ts';
import type { ScriptedEsp } from './scripted-esp.ts';

/** A fixture whose unit is exchanged. */
export class EspSocket implements DevicePort {
  readonly path = '/dev/socket';
  unit: ScriptedEsp;
  /** What the application says each time it is started by the control lines. */
  boot: (() => string) | null = null;
  lend?: NonNullable<DevicePort['lend']>;
  readonly setControlLines?: NonNullable<DevicePort['setControlLines']>;
  readonly #kept: Uint8Array[] = [];
  #listener: ((bytes: Uint8Array) => void) | null = null;

  constructor(unit: ScriptedEsp) {
    this.unit = unit;
    if (unit.setControlLines !== undefined) this.setControlLines = (lines) => this.#setLines(lines);
  }

  /** Takes the unit out, and puts another one in. */
  put(unit: ScriptedEsp): void {
    this.unit.onData(null);
    this.unit = unit;
    unit.onData(this.#listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.unit.write(bytes);
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
    this.unit.onData(listener);
    if (listener !== null) for (const bytes of this.#kept.splice(0)) listener(bytes);
  }

  onLost(): void {
    // Never lost.
  }

  async setBaudRate(rate: number): Promise<void> {
    await this.unit.setBaudRate?.(rate);
  }

  unread(bytes: Uint8Array): void {
    this.#kept.unshift(bytes);
  }

  async #setLines(lines: Parameters<NonNullable<DevicePort['setControlLines']>>[0]): Promise<void> {
    await this.unit.setControlLines?.(lines);
    const { boot } = this;
    if (boot !== null && lines.rts === false && lines.dtr === undefined) this.#say(Buffer.from(boot()));
  }

  /** Keeps bytes until there is a listener, as a port does. */
  #say(bytes: Uint8Array): void {
    if (this.#listener === null) this.#kept.push(bytes);
    else this.#listener(bytes);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
