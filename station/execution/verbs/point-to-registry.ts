import type { StepOf } from '#shared/recipe/index.ts';
import { registryNotConfigured } from '../../registry-sync/client/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { wifiOf } from './module-wifi.ts';

/**
 * The module logs in at the registry of the station from now on. Faults: those of `ModuleWifi.pointTo`, `not-configured` without a
 * registry.
 */
export async function pointToRegistry(
  step: StepOf<'point-to-registry'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const host = step.host === undefined ? await hostOfRegistry(run, signal) : run.scope.text(step.host);
  if (isLoopback(host)) run.note(`${host} is this computer: a module on another network does not reach it`);
  await wifiOf(run).pointTo(host, signal);
  run.measure({ name: 'registry-host', value: host, unit: null, limits: '', outcome: 'PASS' });
}

async function hostOfRegistry({ registry }: RunContext, signal: AbortSignal): Promise<string> {
  if (registry === null) throw registryNotConfigured();
  return registry.host(signal);
}

/** True for an address that leads to this computer from this computer alone. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
