import { isTcpPath } from '#station';
import { CHIP_PROFILE } from './chip-firmware.ts';
import { type CliEvent, type CliProcess, startCliProcess } from './cli-process.ts';

/** A simulated unit. */
export interface SampleUnit {
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
  /** The fault of a unit that is broken by design. */
  readonly fault: string | null;
}

export interface SimulatedUnitsOptions {
  /** Arguments of `sim units`; the fixtures are empty at first. */
  readonly args: readonly string[];
  readonly units: number;
  /** Units with a bare ESP32-C3, whose numbers follow. Default: none. */
  readonly chips?: number;
  readonly slots: number;
  readonly flashDir: string;
  readonly faults?: ReadonlyMap<number, string>;
}

/** A simulator in its own process. */
export interface SimulatedUnits extends AsyncDisposable {
  readonly units: readonly SampleUnit[];
  /** Port of each fixture, in order. */
  readonly ports: readonly string[];
  /** The Bluetooth adapter, in the form of `--ble`; `null` without one. */
  readonly ble: string | null;
  /** Why all ports are TCP ports although serial ones were asked for; `null` when they are not. */
  readonly tcpBecause: string | null;
  /** Directory of the units' own flash files. */
  readonly flashDir: string;
  readonly exitSignal: AbortSignal;
  /** Places a unit on a fixture. Faults: `tool-missing` when the simulator has exited, `timeout`. */
  place(slot: number, unit: number): Promise<void>;
}

/** A busy computer may need half a minute to start a process. The exit of a process is noticed at once. */
export const READY_TIMEOUT_MS = 60_000;
const PLACED_TIMEOUT_MS = 60_000;

/** Faults: `tool-missing` when the simulator exits, `timeout`. */
export async function startSimulatedUnits(options: SimulatedUnitsOptions): Promise<SimulatedUnits> {
  const { args, units, chips = 0, slots, flashDir } = options;
  const others = chips === 0 ? [] : ['--also', `${CHIP_PROFILE}=${chips}`];
  await using opening = new AsyncDisposableStack();
  const simulator = opening.use(
    startCliProcess([
      'sim', 'units', ...args, ...others, '--count', String(units), '--slots', String(slots), '--state', flashDir,
      '--start-empty', '--until-stdin-closes', '--json',
    ]), // prettier-ignore
  );
  // It reports each fixture (`sim.listening`) and each unit (`sim.waiting`).
  const last = (e: CliEvent): boolean => e.event === 'sim.waiting' && e['unit'] === units + chips;
  await simulator.waitFor(last, READY_TIMEOUT_MS);
  const { events } = simulator;
  const adapter = events.find((e) => e.event === 'sim.air')?.['path'];
  const choice = events.find((e) => e.event === 'sim.ports');
  const close = opening.move();
  return {
    units: events
      .filter((e) => e.event === 'sim.waiting')
      .map((e) => {
        const unit = Number(e['unit']);
        return {
          unit,
          mac: String(e['mac']),
          serialNumber: String(e['serialNumber']),
          fault: options.faults?.get(unit) ?? null,
        };
      }),
    ports: events.filter((e) => e.event === 'sim.listening').map((e) => String(e['path'])),
    ble: adapter === undefined ? null : asBleOption(String(adapter)),
    tcpBecause: choice === undefined ? null : String(choice['reason']),
    flashDir,
    exitSignal: simulator.exitSignal,
    place: (slot, unit) => place(simulator, slot, unit),
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

function asBleOption(adapter: string): string {
  return isTcpPath(adapter) ? adapter : `uart:${adapter}`;
}

async function place(simulator: CliProcess, slot: number, unit: number): Promise<void> {
  const done = simulator.next(
    (e) => (e.event === 'sim.placed' && e['slot'] === slot && e['unit'] === unit) || e.event === 'sim.error',
    PLACED_TIMEOUT_MS,
  );
  simulator.send({ place: { slot, unit } });
  const event = await done;
  if (event.event === 'sim.error')
    throw new Error(`the simulator cannot place unit ${unit} on slot ${slot}: ${String(event['message'])}`);
}
