import { startSimulator } from '#simulator';
import { createBleCentral } from '#station';
import { USUAL_ACCESS_POINT } from '../../simulator/air/index.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { BLE_PROVISIONING } from '../../station/devices/protocols/index.ts';
import type { Benchmark } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';

const ROUNDS = 30;
/** Not measured: the programs are loaded and compiled. */
const WARM_UP = 3;
const LIMITS = { timeoutMs: 10_000, signal: NEVER_ABORTED };
const TOKEN = 'v3_0123456789abcdef0123456789abc';
const MTUS = [23, 247];

/**
 * A unit whose firmware, Wi-Fi and air take no time is provisioned over the real stacks of both sides (noble, bleno) and a serial
 * port, so that what is measured is the station's own work and that of the stacks. `provisionMs`: services, subscription, and all
 * stages up to the confirmed token. `connectMs`: from the request, with the wait for an advertisement.
 */
export const llsyncBenchmark: Benchmark = {
  purpose: 'provisioning one unit by LLSync on a virtual air without delays: own time',
  async run(row) {
    for (const mtu of MTUS) {
      await using simulator = await startSimulator({
        profile: 'llsync',
        count: 1,
        seed: 'bench',
        ble: true,
        timeScale: 0,
        ...(mtu === 23 ? { faults: { units: { '1': [{ fault: 'ble-mtu' as const, bytes: mtu }] } } } : {}),
        onEvent: () => undefined,
      });
      const adapter = simulator.bluetooth?.adapter.path;
      const mac = simulator.units[0]?.mac;
      if (adapter === undefined || mac === undefined) throw new Error('the simulator has no Bluetooth');
      await using central = createBleCentral(`uart:${adapter}`);
      const times = { connect: [] as number[], provision: [] as number[] };
      const cpu = process.cpuUsage();
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        const startedMs = performance.now();
        await using connection = await central.connect(mac, LIMITS);
        const connectedMs = performance.now();
        const { isConfirmed } = await BLE_PROVISIONING.llsync.provision(
          { connection, clock: createNodeClock() },
          { ...USUAL_ACCESS_POINT, token: TOKEN },
          { deviceName: null, answerMs: 5000, joinMs: 10_000 },
          NEVER_ABORTED,
        );
        if (!isConfirmed) throw new Error('the unit did not confirm the token');
        if (round < 0) continue;
        times.connect.push(connectedMs - startedMs);
        times.provision.push(performance.now() - connectedMs);
      }
      const { user, system } = process.cpuUsage(cpu);
      row({
        case: `MTU ${mtu}`,
        subject: 'gongwei',
        rounds: ROUNDS,
        provisionMs: rounded(median(times.provision)),
        p95Ms: rounded(quantile(times.provision, 0.95)),
        connectMs: rounded(median(times.connect)),
        cpuMsOfBothSides: rounded((user + system) / 1000 / (ROUNDS + WARM_UP)),
      });
    }
  },
};
