import type {
  IdentityRetiredPayload,
  RegistryEvent,
  RunFinishedPayload,
  UnitReturnedPayload,
} from '#shared/registry-api/index.ts';
import type { Store } from '../store/index.ts';
import { bindIdentity } from './bind-identity.ts';
import { Rejection } from './rejection.ts';

/** A device that may not stay connected after an event: its MQTT client id. */
export type Expelled = string;

/** Applies one checked event, new by its key. Throws a `Rejection`; the caller undoes. */
export function applyEvent(store: Store, station: string, event: RegistryEvent): Expelled | null {
  switch (event.kind) {
    case 'run.finished':
      recordRun(store, station, event.key, event.payload);
      return null;
    case 'identity.retired':
      return retireIdentity(store, event.key, event.payload, event.atMs);
    case 'unit.returned':
      recordReturn(store, station, event.key, event.payload, event.atMs);
      return null;
  }
}

function recordRun(store: Store, station: string, key: string, run: RunFinishedPayload): void {
  if (store.runs.exists(run.runId)) {
    throw new Rejection('run-known', `run ${run.runId} was reported before under another key`);
  }
  store.runs.insert(key, run, bindIdentity(store, station, run));
}

function recordReturn(
  store: Store,
  station: string,
  key: string,
  payload: UnitReturnedPayload,
  atMs: number,
): void {
  store.returns.insert(key, payload, bindIdentity(store, station, payload), atMs);
}

function retireIdentity(store: Store, key: string, payload: IdentityRetiredPayload, atMs: number): Expelled {
  const { productId, deviceName, chipId } = payload;
  const name = `${productId}/${deviceName}`;
  const device = store.devices.facts(productId, deviceName);
  if (device === null) throw new Rejection('identity-unknown', `${name} is not in this registry`);
  if (device.state === 'retired') throw new Rejection('identity-retired', `${name} is retired already`);
  if (chipId !== null && device.chipId !== null && device.chipId !== chipId) {
    throw new Rejection(
      'identity-bound-elsewhere',
      `${name} belongs to unit ${device.chipId}, not to ${chipId}`,
    );
  }
  store.devices.retire(device.id);
  store.runs.insertRetirement(key, device.id, payload, atMs);
  return productId + deviceName;
}
