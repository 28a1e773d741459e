import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { BleConnection, BleLimits } from '../../core/platform/index.ts';
import type { RunContext } from '../run-context/index.ts';

type Wanted = StepOf<'ble-services'>['services'][number]['characteristics'][number];

const DISCOVERY_TIMEOUT_MS = 5000;

/** Checks that the unit has every service, characteristic and property of the list; it may have more. */
export async function bleServices(
  step: StepOf<'ble-services'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const limits = { timeoutMs: DISCOVERY_TIMEOUT_MS, signal };
  const { has, missing } = await run.ble.use((connection) => compare(step, connection, limits), signal);
  const isComplete = missing.length === 0;
  const wanted = step.services.map(({ service, characteristics }) =>
    [service, ...characteristics.map(written)].join(' '),
  );
  run.measure({
    name: 'ble-services',
    value: has.join(' '),
    unit: null,
    limits: wanted.join('; '),
    outcome: isComplete ? 'PASS' : 'FAIL',
  });
  if (isComplete) return;
  throw new Fault('limit-exceeded', `over Bluetooth the unit lacks ${missing.join(', ')}`, {
    hint: 'The unit carries another firmware, or is faulty.',
    details: { measurement: 'ble-services', value: has.join(' '), limits: missing.join(', ') },
  });
}

/** Names of properties that the stack spells in another way. */
const STACK_NAMES: Readonly<Record<string, string>> = { 'write-without-response': 'writeWithoutResponse' };

function written({ uuid, properties }: Wanted): string {
  return properties.length === 0 ? uuid : `${uuid} (${properties.join(', ')})`;
}

async function compare(
  step: StepOf<'ble-services'>,
  connection: BleConnection,
  limits: BleLimits,
): Promise<{ has: readonly string[]; missing: readonly string[] }> {
  const has = await connection.services(limits);
  const missing: string[] = [];
  for (const { service, characteristics } of step.services) {
    if (!has.includes(service)) {
      missing.push(service);
      continue;
    }
    if (characteristics.length === 0) continue;
    const own = await connection.characteristics(service, limits);
    for (const { uuid, properties } of characteristics) {
      const found = own.find((one) => one.uuid === uuid);
      if (found === undefined) missing.push(`${service}/${uuid}`);
      else
        for (const property of properties)
          if (!found.properties.includes(STACK_NAMES[property] ?? property))
            missing.push(`${service}/${uuid} ${property}`);
    }
  }
  return { has, missing };
}
