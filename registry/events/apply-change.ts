import type { Store } from '../store/index.ts';
import type { EventChange } from './check-event.ts';

/** A device that may not stay connected after an event: its MQTT client id. */
export type Expelled = string;

/** Makes the change that one event tells of. */
export function applyChange(store: Store, change: EventChange): Expelled | null {
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
 * The same for many that have nothing to do with each other: no two are about one device, so that the order in which
 * they are made does not matter, except where a constraint would tell. Runs go first, and all at once: a retirement that
 * came before the run which needs it is then a constraint, and not another outcome.
 */
export function applyChanges(store: Store, all: readonly EventChange[]): Expelled[] {
  const runs = all.filter((change) => change.kind === 'run');
  store.devices.bind(runs.flatMap(({ binding }) => (binding === null ? [] : [binding])));
  store.runs.insert(
    runs.map(({ key, run, binding }) => ({ eventKey: key, run, deviceId: binding?.deviceId ?? null })),
  );
  return all.flatMap((change) => {
    const disconnected = change.kind === 'run' ? null : applyChange(store, change);
    return disconnected === null ? [] : [disconnected];
  });
}

/** The device that a change is about; null for a run that burned nothing. */
export function deviceOf(change: EventChange): number | null {
  return change.kind === 'retirement' ? change.deviceId : (change.binding?.deviceId ?? null);
}
