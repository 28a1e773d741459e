import type { Store } from '../store/index.ts';
import type { EventChange } from './check-event.ts';

/** Applies one change. Returns the MQTT client id of a device that must be disconnected; null for none. */
export function applyChange(store: Store, change: EventChange): string | null {
  switch (change.kind) {
    case 'run': {
      const { key, run, binding } = change;
      if (binding !== null) store.devices.bind([binding]);
      store.runs.insert([{ eventKey: key, run, deviceId: binding?.deviceId ?? null }]);
      return null;
    }
    case 'return': {
      const { key, payload, binding, atMs } = change;
      if (binding !== null) store.devices.bind([binding]);
      store.returns.insert(key, payload, binding?.deviceId ?? null, atMs);
      return null;
    }
    case 'retirement': {
      const { key, payload, deviceId, atMs } = change;
      store.devices.retire(deviceId);
      store.runs.insertRetirement(key, deviceId, payload, atMs);
      return payload.productId + payload.deviceName;
    }
  }
}

/**
 * Applies changes of different devices; returns the client ids of devices that must be disconnected. Runs are applied first,
 * in one statement. Where the order of two events matters, a constraint of the database fails.
 */
export function applyChanges(store: Store, all: readonly EventChange[]): string[] {
  const runs = all.filter((change) => change.kind === 'run');
  store.devices.bind(runs.flatMap(({ binding }) => (binding === null ? [] : [binding])));
  store.runs.insert(
    runs.map(({ key, run, binding }) => ({ eventKey: key, run, deviceId: binding?.deviceId ?? null })),
  );
  return all.flatMap((change) => {
    const clientId = change.kind === 'run' ? null : applyChange(store, change);
    return clientId === null ? [] : [clientId];
  });
}

/** The device that is changed; null for a run without an identity. */
export function deviceOf(change: EventChange): number | null {
  return change.kind === 'retirement' ? change.deviceId : (change.binding?.deviceId ?? null);
}
