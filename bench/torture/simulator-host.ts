/** Simulated units as a process of the torture. Fixtures start empty. See `commands.ts`. */
import { type Bench, startBench } from '#simulator';
import { emit, serveCommands } from './host-process.ts';
import type { SimulatorCommand } from './commands.ts';

/** Events that the torture uses. */
const FORWARDED_EVENTS: ReadonlySet<string> = new Set([
  'sim.committed',
  'sim.plugged',
  'sim.unplugged',
  'sim.error',
]);

let bench: Bench | null = null;

serveCommands<SimulatorCommand>(async (command) => {
  if ('open' in command) {
    const { units, faults, ...options } = command.open;
    bench = await startBench({
      profile: 'at-module',
      count: units,
      startEmpty: true,
      faults: { units: faults },
      onEvent: ({ event, ...fields }) => {
        if (FORWARDED_EVENTS.has(event)) emit(event, fields);
      },
      ...options,
    });
    const ports = bench.fixtures.map((fixture) => fixture.path);
    return emit('simulator.ready', { ports, units: bench.units });
  }
  if (bench === null) throw new Error('no bench is open');
  if ('place' in command) return bench.place(command.place.slot, command.place.unit);
  if ('remove' in command) return bench.remove(command.remove.slot);
  return bench.close();
});
