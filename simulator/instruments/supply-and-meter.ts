import type { InstrumentFault } from './faults.ts';
import { type SimInstrument, startSimInstrument } from './instrument.ts';
import { unitLoad } from './load.ts';
import { Meter } from './meter.ts';
import { Supply } from './supply.ts';

export interface SimInstrumentsOptions {
  /** TCP ports; 0 or left out: free ones. */
  readonly supplyPort?: number | undefined;
  readonly meterPort?: number | undefined;
  /** Serial ports (ptys) in place of TCP ports. */
  readonly serial?: boolean | undefined;
  /** Current of the unit at the supply when it works, in amperes. */
  readonly idleAmperes?: number | undefined;
  readonly faults?: readonly InstrumentFault[] | undefined;
  /** Factor on every duration: 0 for no delays. */
  readonly timeScale?: number | undefined;
  readonly seed?: string | undefined;
  /** Called when the unit at the supply gets power or loses it. */
  readonly onPower?: ((on: boolean) => void) | undefined;
}

/** A supply with a unit at its output, and a meter whose probes are there. */
export interface SimInstruments extends AsyncDisposable {
  readonly supply: SimInstrument;
  readonly meter: SimInstrument;
  /** True when the output of the supply is on. */
  isOn(): boolean;
}

/** Faults: `port-busy`, `port-denied`. */
export async function startSimInstruments(options: SimInstrumentsOptions = {}): Promise<SimInstruments> {
  const { timeScale = 1, seed = 'instruments', serial, faults } = options;
  const load = unitLoad({ idleAmperes: options.idleAmperes, startMs: 300 * timeScale, seed });
  const model = new Supply({ load, timeScale, seed, onPower: options.onPower });
  const probed = new Meter({ probe: () => model.read(), timeScale, seed });
  await using stack = new AsyncDisposableStack();
  const common = { serial, faults, timeScale };
  const supply = stack.use(await startSimInstrument({ ...common, model, port: options.supplyPort }));
  const meter = stack.use(await startSimInstrument({ ...common, model: probed, port: options.meterPort }));
  const owned = stack.move();
  return {
    supply,
    meter,
    isOn: () => model.isOn,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
