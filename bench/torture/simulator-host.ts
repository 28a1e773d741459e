/** Simulated units as a process of the torture. Fixtures start empty. See `commands.ts`. */
import { type Simulator, startSimulator } from '#simulator';
import { emit, serveCommands } from './host-process.ts';
import { provideFirmware } from './nvs-device.ts';
import type { SimulatorCommand } from './commands.ts';

/** Events that the torture uses. */
const FORWARDED_EVENTS: ReadonlySet<string> = new Set([
  'sim.committed',
  'sim.plugged',
  'sim.unplugged',
  'sim.error',
]);

let simulator: Simulator | null = null;
let isFlashed = false;

const FLASH_BYTES = 4 * 1024 * 1024;

serveCommands<SimulatorCommand>(async (command) => {
  if ('open' in command) {
    const { units, faults, ...options } = command.open;
    isFlashed = options.profile === 'esp32c3';
    simulator = await startSimulator({
      // A boot loader is started by the control lines of a port.
      rfc2217: isFlashed,
      count: units,
      startEmpty: true,
      faults: { units: faults },
      onEvent: ({ event, ...fields }) => {
        if (FORWARDED_EVENTS.has(event)) emit(event, fields);
      },
      ...options,
    });
    const ports = simulator.fixtures.map((fixture) => fixture.path);
    return emit('simulator.ready', { ports, units: simulator.units });
  }
  if (simulator === null) throw new Error('no simulator is open');
  if ('place' in command) {
    const { slot, unit } = command.place;
    const flash = simulator.units.find((one) => one.unit === unit)?.flash;
    if (isFlashed && flash !== undefined) provideFirmware(flash, FLASH_BYTES);
    return simulator.place(slot, unit);
  }
  if ('remove' in command) return simulator.remove(command.remove.slot);
  return simulator.close();
});
