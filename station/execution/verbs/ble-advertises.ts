import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import type { BleAdvertisement } from '../../core/platform/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** A faulty unit may advertise new services without end. */
const MAX_SERVICES = 256;
/** Enough for a median. */
const MAX_SAMPLES = 10_000;

/**
 * Receives advertisements of the unit and checks name, services and signal strength. Name and services may come in
 * several advertisements, so it receives until nothing is missing, at most for `withinMs`.
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
  const samplesDbm: number[] = [];
  const services = new Set<string>();
  let name: string | null = null;
  let firstMs: number | null = null;
  const startedMs = platform.clock.monotonicMs();
  const isEnough = ({ localName, serviceUuids, rssiDbm }: BleAdvertisement): boolean => {
    firstMs ??= Math.round(platform.clock.monotonicMs() - startedMs);
    if (samplesDbm.length < MAX_SAMPLES) samplesDbm.push(rssiDbm);
    name = localName ?? name;
    for (const uuid of serviceUuids)
      if (services.size < MAX_SERVICES || step.services.includes(uuid)) services.add(uuid);
    const complete =
      (pattern === undefined || (name !== null && pattern.test(name))) &&
      step.services.every((uuid) => services.has(uuid));
    return complete && samplesDbm.length >= step.samples;
  };
  await ble.scan(isEnough, step.withinMs, signal);
  if (samplesDbm.length === 0) {
    throw new Fault(
      'ble-unseen',
      `${ble.address()} did not advertise over Bluetooth in ${step.withinMs} ms`,
      {
        hint: 'Check that the unit has power, then test it again.',
        details: { address: ble.address(), timeoutMs: step.withinMs },
      },
    );
  }
  const missing = step.services.filter((uuid) => !services.has(uuid));
  const all = [...services].sort().join(' ');
  recordMeasurements(run, [
    evaluate('ble-seen-after', firstMs ?? 0, undefined, 'ms'),
    evaluate('ble-rssi', median(samplesDbm), rssi, 'dBm'),
    evaluate('ble-name', name ?? '', pattern === undefined ? undefined : { pattern: pattern.source }),
    {
      ...evaluate('ble-services', all, undefined),
      limits: step.services.join(' '),
      outcome: missing.length === 0 ? 'PASS' : 'FAIL',
    },
  ]);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
