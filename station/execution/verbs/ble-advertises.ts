import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { BleAdvertisement } from '../../core/platform/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge } from './evaluate.ts';

/** A unit that says new ones without end has said enough. */
const MOST_SERVICES = 256;
/** The middle of so many says how strong it is. */
const MOST_STRENGTHS = 10_000;

/**
 * Hears the unit: within the time, under the right name, with its services, as strong as the recipe wants. A name and
 * services may come in several advertisements, so the time is used as long as something is missing.
 */
export async function bleAdvertises(
  step: StepOf<'ble-advertises'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { ble, platform } = run;
  const pattern =
    step.localName === undefined ? undefined : compilePattern(run.scope.pattern(step.localName));
  const rssi = step.rssi && run.scope.limits(step.rssi, 'ble-rssi', true);
  const strengths: number[] = [];
  const services = new Set<string>();
  let name: string | null = null;
  let firstMs: number | null = null;
  const began = platform.clock.monotonicMs();
  const hear = ({ localName, serviceUuids, rssiDbm }: BleAdvertisement): boolean => {
    firstMs ??= Math.round(platform.clock.monotonicMs() - began);
    if (strengths.length < MOST_STRENGTHS) strengths.push(rssiDbm);
    name = localName ?? name;
    for (const uuid of serviceUuids)
      if (services.size < MOST_SERVICES || step.services.includes(uuid)) services.add(uuid);
    const complete =
      (pattern === undefined || (name !== null && pattern.test(name))) &&
      step.services.every((uuid) => services.has(uuid));
    return complete && strengths.length >= step.samples;
  };
  await ble.scan(hear, step.withinMs, signal);
  if (strengths.length === 0) {
    throw new Fault('ble-unseen', `${ble.address()} was not heard over Bluetooth in ${step.withinMs} ms`, {
      hint: 'Check that the unit has power, then test it again.',
      details: { address: ble.address(), timeoutMs: step.withinMs },
    });
  }
  const missing = step.services.filter((uuid) => !services.has(uuid));
  const all = [...services].sort().join(' ');
  judge(run, [
    held('ble-seen-after', firstMs ?? 0, undefined, 'ms'),
    held('ble-rssi', middle(strengths), rssi, 'dBm'),
    held('ble-name', name ?? '', pattern === undefined ? undefined : { pattern: pattern.source }),
    {
      ...held('ble-services', all, undefined),
      limits: step.services.join(' '),
      outcome: missing.length === 0 ? 'PASS' : 'FAIL',
    },
  ]);
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
