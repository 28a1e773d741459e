import { BLUFI_DEFAULTS } from '#shared/recipe/index.ts';
import { startSimulator } from '#simulator';
import { createBleCentral } from '#station';
import { USUAL_ACCESS_POINT } from '../../simulator/air/index.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { BLE_PROVISIONING } from '../../station/devices/protocols/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { median, quantile, rounded } from '../lib/statistics.ts';

const ROUNDS = 20;
/** Not measured: the programs are loaded and compiled. */
const WARM_UP = 2;
const LIMITS = { timeoutMs: 10_000, signal: NEVER_ABORTED };
const GIVEN = { ...USUAL_ACCESS_POINT, token: 'v3_0123456789abcdef0123456789abc' };
const CASES = [
  { method: 'blufi', mtu: 247 },
  { method: 'blufi', mtu: 23 },
  { method: 'blufi-v2', mtu: 247 },
  { method: 'blufi-v2', mtu: 23 },
  { method: 'tencent-llsync7', mtu: 23 },
] as const;

/**
 * A unit whose firmware, Wi-Fi and air take no time is provisioned through noble and bleno over a serial port: from the connection
 * to the confirmed token. Both sides run in this process, so that the time has the unit's key exchange too.
 */
export const blufiBenchmark: Benchmark = {
  purpose: 'provisioning one unit by BluFi on a virtual air without delays: own time',
  async run(row) {
    for (const one of CASES) row(await measure(one));
  },
};

async function measure({ method, mtu }: (typeof CASES)[number]): Promise<BenchmarkRow> {
  await using simulator = await startSimulator({
    profile: method,
    count: 1,
    seed: 'bench',
    ble: true,
    timeScale: 0,
    faults: { units: { '1': [{ fault: 'ble-mtu', bytes: mtu }] } },
    onEvent: () => undefined,
  });
  const adapter = simulator.bluetooth?.adapter.path;
  const mac = simulator.units[0]?.mac;
  if (adapter === undefined || mac === undefined) throw new Error('the simulator has no Bluetooth');
  await using central = createBleCentral(`uart:${adapter}`);
  const clock = createNodeClock();
  const options = { deviceName: null, answerMs: 5000, joinMs: 10_000, blufi: BLUFI_DEFAULTS };
  const timesMs: number[] = [];
  const cpu = process.cpuUsage();
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    await using connection = await central.connect(mac, LIMITS);
    const startedMs = performance.now();
    const { ssid } = await BLE_PROVISIONING[method]
      .provision({ connection, clock }, GIVEN, options, NEVER_ABORTED)
      // A unit of Tencent's dialects without a cloud says so.
      .catch((error: unknown) => {
        if (method === 'tencent-llsync7') return { ssid: GIVEN.ssid };
        throw error;
      });
    if (ssid !== GIVEN.ssid) throw new Error('the unit did not join');
    if (round >= 0) timesMs.push(performance.now() - startedMs);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    case: `${method}, MTU ${mtu}`,
    subject: 'gongwei',
    rounds: ROUNDS,
    provisionMs: rounded(median(timesMs)),
    p95Ms: rounded(quantile(timesMs, 0.95)),
    cpuMsOfBothSides: rounded((user + system) / 1000 / (ROUNDS + WARM_UP)),
  };
}
