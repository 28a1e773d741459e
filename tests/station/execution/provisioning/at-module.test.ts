import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SimulatorOptions } from '#simulator';
import { unitFault, type UnitFault } from '../../../../simulator/faults/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
const LINE = { ssid: 'Line 3, "test" 线', password: 'p,w"d\\test-12345' };
const FACTORY_STATE = { fault: 'no-wifi' } as const;

type Written = Parameters<typeof unitFault.parse>[0];

/** A station with one module that knows no network, and with the network of the line. */
async function lineOf(
  faults: readonly Written[],
  steps: (port: number) => string,
  more: Partial<SimulatorOptions> = {},
): Promise<TestStation<SimulatedUnits>> {
  let provisioning = 0;
  const units = simulated(1, {
    wifi: [LINE],
    udp: true,
    faults: { units: { 1: [FACTORY_STATE, ...faults].map((fault): UnitFault => unitFault.parse(fault)) } },
    ...more,
  } as never);
  const line = await startStation({
    registry: 'real',
    units: async (...given) => {
      const started = await units(...given);
      const ports = started.simulator.events.find((event) => event.event === 'sim.udp');
      if (ports?.event === 'sim.udp') provisioning = ports.provisioning;
      return started;
    },
    recipe: moduleRecipe({ steps: steps(provisioning) }),
  });
  line.station.networks.set({ name: 'line', ...LINE }, BY);
  return line;
}

describe('a module with an empty store', () => {
  it('is joined, pointed to the registry, proven online, and has neither network nor server afterwards', async () => {
    await using line = await lineOf(
      [],
      () => `  - name: online
    steps:
      - { verb: join-wifi, network: line, rssi: { min: -60 } }
      - { verb: point-to-registry }
      - { verb: prove-online, timeoutMs: 20000, confirm: registry }
`,
    );
    const result = await line.run();
    expect(result).toMatchObject({ outcome: 'PASS', failure: null });
    expect(line.values(result)).toMatchObject({
      'wifi-rssi': -48,
      online: 'registry',
      'registry-host': '127.0.0.1',
    });
    await using terminal = await line.units.simulator.talkTo();
    expect(await terminal.ask('AT+CWJAP?')).toContain('No AP');
    expect(await terminal.ask('AT+TCMQTTSRV?')).toContain('NULL');
    expectNoSecret(line);
  });
});

/** No file of the station has the password, as it is or escaped for a command or in JSON. */
function expectNoSecret(line: TestStation<SimulatedUnits>): void {
  const { password } = LINE;
  const forms = [password, password.replace(/[\\",]/g, '\\$&'), JSON.stringify(password).slice(1, -1)];
  for (const entry of readdirSync(line.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    for (const form of forms) expect([entry.name, bytes.includes(form)]).toEqual([entry.name, false]);
  }
}

export { PRODUCT };
