import { createRandom, delay, type Random } from '../platform/index.ts';
import type { Load } from './load.ts';
import { booleanOf, formatReading, numberOf, type NumberRange, onlyParameter } from './scpi/parameters.ts';
import type { ScpiCommand, ScpiModel } from './scpi/interpreter.ts';

const VOLTS: NumberRange = { min: 0, max: 30, preset: 0 };
const AMPERES: NumberRange = { min: 0, max: 3, preset: 3 };
/** Time that the output needs to settle. */
const SETTLE_MS = 20;
/** Noise of a reading, as a share of it, and its offset. */
const NOISE = 1e-3;
const OFFSET_AMPERES = 50e-6;

export interface SupplyOptions {
  readonly serial?: string | undefined;
  /** `null`: nothing is connected. */
  readonly load: Load | null;
  /** Factor on every duration: 0 for no delays. */
  readonly timeScale: number;
  readonly seed: string;
  /** Called when the voltage at the output rises above or falls below 2.5 V: a unit gets power, or loses it. */
  readonly onPower?: ((on: boolean) => void) | undefined;
}

/** A power supply with one output: voltage, current limit, output on and off, and what its load draws. */
export class Supply implements ScpiModel {
  readonly identification: string;
  readonly commands: readonly ScpiCommand[];
  readonly #options: SupplyOptions;
  readonly #random: Random;
  #volts = VOLTS.preset;
  #limit = AMPERES.preset;
  #isOn = false;
  #onAtMs = 0;
  #settledAtMs = 0;
  #hasPower = false;

  constructor(options: SupplyOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed, 'supply');
    this.identification = `GONGWEI,SIM-PSU,${options.serial ?? 'PS000001'},1.0`;
    this.commands = this.#ownCommands();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  reset(): void {
    this.#limit = AMPERES.preset;
    this.#set(() => {
      this.#volts = VOLTS.preset;
      this.#isOn = false;
    });
  }

  async whenComplete(signal: AbortSignal): Promise<void> {
    await delay(this.#settledAtMs - performance.now(), signal);
  }

  /** Volts and amperes at the output now: the supply limits the current by its voltage. */
  read(): { readonly volts: number; readonly amperes: number } {
    if (!this.#isOn) return { volts: 0, amperes: 0 };
    const onMs = performance.now() - this.#onAtMs;
    const wanted = this.#options.load?.amperesAt(this.#volts, onMs) ?? 0;
    if (wanted <= this.#limit) return { volts: this.#volts, amperes: wanted };
    return { volts: (this.#volts * this.#limit) / wanted, amperes: this.#limit };
  }

  #set(change: () => void): void {
    const wasOn = this.#isOn;
    change();
    if (this.#isOn && !wasOn) this.#onAtMs = performance.now();
    this.#settledAtMs = performance.now() + SETTLE_MS * this.#options.timeScale;
    const hasPower = this.#isOn && this.#volts > 2.5;
    if (hasPower === this.#hasPower) return;
    this.#hasPower = hasPower;
    this.#options.onPower?.(hasPower);
  }

  #noisy(value: number, offset: number): string {
    const swing = this.#random.next() - 0.5;
    return formatReading(value * (1 + NOISE * swing) + offset * swing);
  }

  #ownCommands(): ScpiCommand[] {
    const setting = (header: string, range: NumberRange, set: (value: number) => void): ScpiCommand => ({
      header,
      run: (parameters) => {
        const value = numberOf(onlyParameter(parameters), range);
        this.#set(() => set(value));
        return null;
      },
    });
    const asking = (header: string, value: (parameters: readonly string[]) => string): ScpiCommand => ({
      header,
      run: value,
    });
    /** A question about a setting, or about its least and greatest value. */
    const askingSetting = (header: string, range: NumberRange, value: () => number): ScpiCommand =>
      asking(header, ([bound]) => formatReading(bound === undefined ? value() : numberOf(bound, range)));
    const source = '[SOURce]';
    return [
      setting(`${source}:VOLTage[:LEVel][:IMMediate][:AMPLitude]`, VOLTS, (volts) => (this.#volts = volts)),
      askingSetting(`${source}:VOLTage[:LEVel][:IMMediate][:AMPLitude]?`, VOLTS, () => this.#volts),
      setting(
        `${source}:CURRent[:LEVel][:IMMediate][:AMPLitude]`,
        AMPERES,
        (amperes) => (this.#limit = amperes),
      ),
      askingSetting(`${source}:CURRent[:LEVel][:IMMediate][:AMPLitude]?`, AMPERES, () => this.#limit),
      {
        header: 'OUTPut[:STATe]',
        run: (parameters) => {
          const isOn = booleanOf(onlyParameter(parameters));
          this.#set(() => (this.#isOn = isOn));
          return null;
        },
      },
      asking('OUTPut[:STATe]?', () => (this.#isOn ? '1' : '0')),
      asking('MEASure[:SCALar]:VOLTage[:DC]?', () => this.#noisy(this.read().volts, 0)),
      asking('MEASure[:SCALar]:CURRent[:DC]?', () => this.#noisy(this.read().amperes, OFFSET_AMPERES)),
      asking('MEASure[:SCALar]:POWer[:DC]?', () => this.#noisy(this.read().volts * this.read().amperes, 0)),
    ];
  }
}
