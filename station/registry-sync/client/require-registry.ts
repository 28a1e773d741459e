import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from './registry-client.ts';

/** The registry that the station is bound to. Faults: `not-configured` when it is bound to none. */
export function requireRegistry(registry: RegistryClient | null): RegistryClient {
  if (registry === null) throw registryNotConfigured();
  return registry;
}

export function registryNotConfigured(): Fault {
  return new Fault('not-configured', 'this station is bound to no registry', {
    hint: 'Bind it with "station configure --registry URL --token-file FILE".',
  });
}
