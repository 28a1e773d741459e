import type { VirtualAir } from '../air/index.ts';
import { ActiveFaults, type UnitFault } from '../faults/index.ts';
import type { UnitFlash } from '../flash/index.ts';
import { createRandom, delay, type Random } from '../nature/index.ts';
import type { Device, DeviceProfile, DialectChoice, Stimulus } from '../profiles/index.ts';
import { Drift } from './drift.ts';
import type { Fixture } from './fixture.ts';
import { LineFaults } from './line-faults.ts';
import { checkFault, type FaultChange } from './fault-change.ts';
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
  readonly #profile: DeviceProfile;
  readonly #device: Device;
  readonly #lineFaults: LineFaults;
  readonly #drift: Drift;
  #fixture: Fixture | null = null;
  #powered = false;
  #pinHigh = false;
  /** A restart under way; power may go in the middle of it. */
  #restarting: Promise<void> | null = null;

  constructor(options: UnitOptions) {
    const { mac, serialNumber } = options.flash.record;
    this.name = { unit: options.unit, mac, serialNumber };
    this.flash = options.flash;
    this.#timeScale = options.timeScale;
    this.#profile = options.profile;
    this.faults = new ActiveFaults(options.faults, () => {
      this.#lineFaults.review();
      options.onFaults(this);
    });
    this.#drift = new Drift(this.faults);
    const random: Random = createRandom(options.seed, 'unit', options.unit);
    this.#lineFaults = new LineFaults({
      faults: this.faults,
      random,
      timeScale: options.timeScale,
      ownEcho: options.profile.ownEcho ?? false,
      onReboot: () => queueMicrotask(() => this.#restart()),
    });
    this.#device = options.profile.create({
      ...this.name,
      flash: options.flash,
      faults: this.faults,
      random,
      dialect: options.dialect,
      mqttUrl: options.mqttUrl,
      air: options.air,
      nowMs: () => Date.now() + (this.faults.get('clock-off')?.seconds ?? 0) * 1_000,
      wait: (ms, signal) => delay(ms * this.#timeScale * (this.faults.get('slow')?.factor ?? 1), signal),
      say: (bytes) => this.#lineFaults.say(bytes),
      echo: (bytes) => this.#lineFaults.echo(bytes),
      measured: (name, usual) => this.#drift.measured(name, usual),
      began: () => this.#lineFaults.began(),
      drivePin: (high) => {
        this.#pinHigh = high;
      },
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

  /** What a fixture board reads at the unit's output pin. */
  get pinHigh(): boolean {
    return this.#powered && (this.faults.get('pin-stuck')?.high ?? this.#pinHigh);
  }

  /** Changes what is wrong with it: first clears, then removes, then adds. Faults: `bad-input`. */
  changeFaults(change: FaultChange): void {
    for (const fault of change.add ?? []) checkFault(this.#profile, fault);
    if (change.clear === true) this.faults.clear();
    if (change.remove !== undefined) this.faults.remove(change.remove);
    if (change.add !== undefined) this.faults.add(change.add);
    this.#drift.begin();
  }

  /** Something happens to it; false without power, and where it has no sense for that. */
  sense(stimulus: Stimulus): boolean {
    return this.#powered && this.#restarting === null && this.#device.sense?.(stimulus) === true;
  }

  powerOn(): void {
    const fixture = this.#fixture;
    if (this.#powered || fixture === null) return;
    this.#powered = true;
    this.#drift.countRun();
    this.#lineFaults.attach(fixture);
    this.#boot(fixture);
  }

  async powerOff(): Promise<void> {
    if (!this.#powered) return;
    this.#powered = false;
    this.#fixture?.connect(null);
    this.#lineFaults.detach();
    await this.#restarting;
    await this.#device.powerOff();
    this.#pinHigh = false;
  }

  #boot(fixture: Fixture): void {
    fixture.connect((bytes) => this.#lineFaults.hear(bytes, (heard) => this.#device.receive(heard)));
    this.#device.powerOn();
  }

  /** The supply breaks in for a moment: nothing that was going on is finished, and it boots. */
  #restart(): void {
    const fixture = this.#fixture;
    if (!this.#powered || this.#restarting !== null || fixture === null) return;
    fixture.connect(null);
    this.#restarting = this.#device.powerOff().then(() => {
      this.#restarting = null;
      this.#pinHigh = false;
      if (this.#powered) this.#boot(fixture);
    });
  }
}
