/** The device registry for the torture, with points to die at around its commits. See `orders.ts`. */
import { createRegistry, type Registry } from '#registry';
import { say, serveOrders } from './host-loop.ts';
import type { RegistryOrder } from './commands.ts';
import { createPoints, watchCommits } from './kill-points.ts';

const points = createPoints((n, kind) => say('point', { n, kind }));
watchCommits(points);
let registry: Registry | null = null;

serveOrders<RegistryOrder>(async (order) => {
  if ('arm' in order) return points.arm(order.arm.at, null);
  if ('passed' in order) return { points: points.passed };
  if ('close' in order) return registry?.close();
  registry = await createRegistry({ ...order.open, version: 'torture' });
  const { http, mqtt, stationToken } = registry;
  say('registry.listening', { http, mqtt, stationToken });
});
