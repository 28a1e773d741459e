/** Simulated units for the torture: a bench that can be made to wait, without units on its fixtures. See `orders.ts`. */
import { type Bench, startBench } from '#simulator';
import { say, serveOrders } from './host-loop.ts';
import type { BenchOrder } from './commands.ts';

/** Of all that a bench tells, what somebody acts on. */
const TOLD: ReadonlySet<string> = new Set(['sim.committed', 'sim.plugged', 'sim.unplugged', 'sim.error']);

let bench: Bench | null = null;

serveOrders<BenchOrder>(async (order) => {
  if ('open' in order) {
    const { units, faults, ...options } = order.open;
    bench = await startBench({
      profile: 'at-module',
      count: units,
      startEmpty: true,
      faults: { units: faults },
      onEvent: ({ event, ...fields }) => {
        if (TOLD.has(event)) say(event, fields);
      },
      ...options,
    });
    const ports = bench.fixtures.map((fixture) => fixture.path);
    return say('bench.ready', { ports, units: bench.units });
  }
  if (bench === null) throw new Error('no bench is open');
  if ('place' in order) return bench.place(order.place.slot, order.place.unit);
  if ('remove' in order) return bench.remove(order.remove.slot);
  return bench.close();
});
