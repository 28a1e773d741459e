import { createRandom, delay, type Random } from '../platform/index.ts';
import { formatReading, numberOf, onlyParameter } from './scpi/parameters.ts';
import type { ScpiCommand, ScpiModel, ScpiResponse } from './scpi/interpreter.ts';
import { ScpiError } from './scpi/status.ts';

type Quantity = 'volts' | 'amperes';

/** What the probes of a meter touch. */
export type Probe = () => { readonly volts: number; readonly amperes: number };

/** Ranges of a six-digit meter; a reading above 120 % of its range overloads it. */
const RANGES: Readonly<Record<Quantity, readonly number[]>> = {
  volts: [0.1, 1, 10, 100, 1000],
  amperes: [1e-4, 1e-3, 1e-2, 0.1, 1, 3],
};
const OVERLOAD = 1.2;
/** What SCPI instruments answer for infinity (SCPI-99, volume 1, 7.2.1.4). */
const INFINITE = 9.9e37;
const INTEGRATION_MS = 20;
const NOISE = 2e-5;
const MAX_SAMPLES = 5000;

export interface MeterOptions {
  readonly serial?: string | undefined;
  readonly probe: Probe;
  /** Factor on every duration: 0 for no delays. */
  readonly timeScale: number;
  readonly seed: string;
}

/** A multimeter: DC voltage and current, ranges, several samples, readings as text or as a block of numbers. */
export class Meter implements ScpiModel {
  readonly identification: string;
  readonly commands: readonly ScpiCommand[];
  readonly #options: MeterOptions;
  readonly #random: Random;
  #quantity: Quantity = 'volts';
  /** `null`: the meter chooses it. */
  #range: number | null = null;
  #samples = 1;
  #readings: readonly number[] = [];

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed, 'meter');
    this.identification = `GONGWEI,SIM-DMM,${options.serial ?? 'DM000001'},1.0`;
    this.commands = this.#ownCommands();
  }

  reset(): void {
    this.#quantity = 'volts';
    this.#range = null;
    this.#samples = 1;
    this.#readings = [];
  }

  whenComplete(): Promise<void> {
    return Promise.resolve();
  }

  async #read(signal: AbortSignal): Promise<string> {
    const readings: number[] = [];
    for (let count = 0; count < this.#samples; count++) {
      await delay(INTEGRATION_MS * this.#options.timeScale, signal);
      readings.push(this.#reading());
    }
    this.#readings = readings;
    return readings.map(formatReading).join(',');
  }

  #reading(): number {
    const value = this.#options.probe()[this.#quantity];
    const ranges = RANGES[this.#quantity];
    const range =
      this.#range ?? ranges.find((one) => Math.abs(value) <= one * OVERLOAD) ?? ranges.at(-1) ?? 0;
    if (Math.abs(value) > range * OVERLOAD) return Math.sign(value) * INFINITE;
    return value + range * NOISE * (this.#random.next() - 0.5);
  }

  #configure(quantity: Quantity, [range]: readonly string[]): void {
    const ranges = RANGES[quantity];
    const bounds = { min: ranges[0] ?? 0, max: ranges.at(-1) ?? 0, preset: 0 };
    const wanted = range === undefined ? 0 : numberOf(range, { ...bounds, min: 0 });
    this.#quantity = quantity;
    this.#samples = 1;
    // The smallest range that has the expected value.
    this.#range = wanted === 0 ? null : (ranges.find((one) => wanted <= one) ?? bounds.max);
  }

  #block(): ScpiResponse {
    if (this.#readings.length === 0) throw new ScpiError('-221');
    const bytes = Buffer.alloc(4 * this.#readings.length);
    for (const [index, reading] of this.#readings.entries()) bytes.writeFloatBE(reading, 4 * index);
    const length = String(bytes.length);
    return Buffer.concat([Buffer.from(`#${length.length}${length}`, 'latin1'), bytes]);
  }

  #ownCommands(): ScpiCommand[] {
    const of = (word: string, quantity: Quantity): ScpiCommand[] => [
      {
        header: `CONFigure[:SCALar]:${word}[:DC]`,
        run: (parameters) => {
          this.#configure(quantity, parameters);
          return null;
        },
      },
      {
        header: `MEASure[:SCALar]:${word}[:DC]?`,
        run: (parameters, signal) => {
          this.#configure(quantity, parameters);
          return this.#read(signal);
        },
      },
    ];
    return [
      ...of('VOLTage', 'volts'),
      ...of('CURRent', 'amperes'),
      {
        header: 'CONFigure?',
        run: () => `"${this.#quantity === 'volts' ? 'VOLT' : 'CURR'} ${formatReading(this.#range ?? 0)}"`,
      },
      {
        header: 'SAMPle:COUNt',
        run: (parameters) => {
          const range = { min: 1, max: MAX_SAMPLES, preset: 1 };
          this.#samples = Math.round(numberOf(onlyParameter(parameters), range));
          return null;
        },
      },
      { header: 'SAMPle:COUNt?', run: () => String(this.#samples) },
      { header: 'READ?', run: (_, signal) => this.#read(signal) },
      { header: 'FETCh?', run: () => this.#readings.map(formatReading).join(',') },
      { header: 'TRACe:DATA?', run: () => this.#block() },
    ];
  }
}
