/** The registry as a process of the torture, with kill points around its commits. See `commands.ts`. */
import { createRegistry, type Registry } from '#registry';
import { emit, serveCommands } from './host-process.ts';
import type { RegistryCommand } from './commands.ts';
import { createKillPoints, instrumentCommits } from './kill-points.ts';

const points = createKillPoints((n, kind) => emit('point', { n, kind }));
instrumentCommits(points);
let registry: Registry | null = null;

serveCommands<RegistryCommand>(async (command) => {
  if ('arm' in command) return points.arm(command.arm.at, null);
  if ('passed' in command) return { points: points.passed };
  if ('close' in command) return registry?.close();
  registry = await createRegistry({
    ...command.open,
    version: 'torture',
    log({ event }) {
      if (event === 'registration.accepted') emit('registry.registered', {});
    },
  });
  const { http, mqtt, enrolmentToken } = registry;
  emit('registry.listening', { http, mqtt, stationToken: enrolmentToken });
});
