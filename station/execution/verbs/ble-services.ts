import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { BleConnection, BleLimits } from '../../core/platform/index.ts';
import type { RunContext } from '../run-context/index.ts';

const DISCOVERY_TIMEOUT_MS = 5000;

/** The unit has every service and characteristic of the list; more is no fault. */
export async function bleServices(
  step: StepOf<'ble-services'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const limits = { timeoutMs: DISCOVERY_TIMEOUT_MS, signal };
  const { has, missing } = await run.ble.use((link) => compare(step, link, limits), signal);
  const met = missing.length === 0;
  const wanted = step.services.map(({ service, characteristics }) => [service, ...characteristics].join(' '));
  run.measure({
    name: 'ble-services',
    value: has.join(' '),
    unit: null,
    limits: wanted.join('; '),
    outcome: met ? 'PASS' : 'FAIL',
  });
  if (met) return;
  throw new Fault('limit-exceeded', `over Bluetooth the unit lacks ${missing.join(', ')}`, {
    hint: 'The unit carries another firmware, or is faulty.',
    details: { measurement: 'ble-services', value: has.join(' '), limits: missing.join(', ') },
  });
}

async function compare(
  step: StepOf<'ble-services'>,
  link: BleConnection,
  limits: BleLimits,
): Promise<{ has: readonly string[]; missing: readonly string[] }> {
  const has = await link.services(limits);
  const missing: string[] = [];
  for (const { service, characteristics } of step.services) {
    if (!has.includes(service)) {
      missing.push(service);
      continue;
    }
    if (characteristics.length === 0) continue;
    const own = (await link.characteristics(service, limits)).map(({ uuid }) => uuid);
    for (const uuid of characteristics) if (!own.includes(uuid)) missing.push(`${service}/${uuid}`);
  }
  return { has, missing };
}
