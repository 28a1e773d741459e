import type { VirtualAir } from '../air/index.ts';
import { ActiveFaults, type UnitFault } from '../faults/index.ts';
import type { UnitFlash } from '../flash/index.ts';
import { createRandom, delay, type Random } from '../nature/index.ts';
import type { Device, DeviceProfile, DialectChoice } from '../profiles/index.ts';
import type { Fixture } from './fixture.ts';
import { LineFaults } from './line-faults.ts';
import type { UnitName } from './events.ts';

export interface UnitOptions {
  readonly unit: number;
  readonly profile: DeviceProfile;
  readonly flash: UnitFlash;
  readonly faults: readonly UnitFault[];
  readonly seed: string;
  readonly dialect: DialectChoice;
  readonly mqttUrl: string | null;
  readonly air: VirtualAir | null;
  /** Factor on every duration of the device. */
  readonly timeScale: number;
  readonly onFaults: (unit: Unit) => void;
  readonly onTrouble: (error: unknown) => void;
}

/** One device, with its flash and its faults, wherever it lies. */
export class Unit {
  readonly name: UnitName;
  readonly flash: UnitFlash;
  readonly faults: ActiveFaults;
  readonly #timeScale: number;
  readonly #device: Device;
  readonly #lineFaults: LineFaults;
  #fixture: Fixture | null = null;
  #powered = false;

  constructor(options: UnitOptions) {
    const { mac, serialNumber } = options.flash.record;
    this.name = { unit: options.unit, mac, serialNumber };
    this.flash = options.flash;
    this.#timeScale = options.timeScale;
    this.faults = new ActiveFaults(options.faults, () => {
      this.#lineFaults.review();
      options.onFaults(this);
    });
    const random: Random = createRandom(options.seed, 'unit', options.unit);
    this.#lineFaults = new LineFaults(this.faults, random, options.timeScale);
    this.#device = options.profile.create({
      ...this.name,
      flash: options.flash,
      faults: this.faults,
      random,
      dialect: options.dialect,
      mqttUrl: options.mqttUrl,
      air: options.air,
      wait: (ms, signal) => delay(ms * this.#timeScale * (this.faults.get('slow')?.factor ?? 1), signal),
      say: (bytes) => this.#lineFaults.say(bytes),
      echo: (bytes) => this.#lineFaults.echo(bytes),
      measured: (_name, usual) => usual,
      began: () => undefined,
      drivePin: () => undefined,
      trouble: options.onTrouble,
    });
  }

  get fixture(): Fixture | null {
    return this.#fixture;
  }

  get powered(): boolean {
    return this.#powered;
  }

  /** Puts the unit on a fixture, without power. */
  lieOn(fixture: Fixture): void {
    this.#fixture = fixture;
  }

  /** Takes it away, power off. */
  async lift(): Promise<void> {
    await this.powerOff();
    this.#fixture = null;
  }

  powerOn(): void {
    const fixture = this.#fixture;
    if (this.#powered || fixture === null) return;
    this.#powered = true;
    this.#lineFaults.attach(fixture);
    fixture.connect((bytes) => this.#lineFaults.hear(bytes, (heard) => this.#device.receive(heard)));
    this.#device.powerOn();
  }

  async powerOff(): Promise<void> {
    if (!this.#powered) return;
    this.#powered = false;
    this.#fixture?.connect(null);
    this.#lineFaults.detach();
    await this.#device.powerOff();
  }
}
