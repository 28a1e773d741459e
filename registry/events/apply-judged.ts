import type { Store } from '../store/index.ts';
import type { Judged } from './judge-event.ts';

/** A device that may not stay connected after an event: its MQTT client id. */
export type Expelled = string;

/** Makes the change that one event tells of. */
export function applyJudged(store: Store, judged: Judged): Expelled | null {
  switch (judged.kind) {
    case 'run': {
      const { key, run, binding } = judged;
      if (binding !== null) store.devices.bind([binding]);
      store.runs.insert([{ eventKey: key, run, deviceId: binding?.deviceId ?? null }]);
      return null;
    }
    case 'return': {
      const { key, payload, binding, atMs } = judged;
      if (binding !== null) store.devices.bind([binding]);
      store.returns.insert(key, payload, binding?.deviceId ?? null, atMs);
      return null;
    }
    case 'retirement': {
      const { key, payload, deviceId, atMs } = judged;
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
export function applyAll(store: Store, all: readonly Judged[]): Expelled[] {
  const runs = all.filter((judged) => judged.kind === 'run');
  store.devices.bind(runs.flatMap(({ binding }) => (binding === null ? [] : [binding])));
  store.runs.insert(
    runs.map(({ key, run, binding }) => ({ eventKey: key, run, deviceId: binding?.deviceId ?? null })),
  );
  return all.flatMap((judged) => {
    const expelled = judged.kind === 'run' ? null : applyJudged(store, judged);
    return expelled === null ? [] : [expelled];
  });
}

/** The device that a change is about; null for a run that burned nothing. */
export function deviceOf(judged: Judged): number | null {
  return judged.kind === 'retirement' ? judged.deviceId : (judged.binding?.deviceId ?? null);
}
