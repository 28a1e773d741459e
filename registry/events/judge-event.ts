import type {
  IdentityRetiredPayload,
  RegistryEvent,
  RunFinishedPayload,
  UnitReturnedPayload,
} from '#shared/registry-api/index.ts';
import type { Store } from '../store/index.ts';
import { judgeBinding } from './judge-binding.ts';
import type { Judging } from './judging.ts';
import { Rejection } from './rejection.ts';

/** A device that may not stay connected after an event: its MQTT client id. */
export type Expelled = string;

/** Makes the change that an event tells of. */
export type Apply = () => Expelled | null;

/** Judges one checked event, new by its key, by what is known; changes nothing yet. Throws a `Rejection`. */
export function judgeEvent(judging: Judging, event: RegistryEvent): Apply {
  const { store } = judging;
  switch (event.kind) {
    case 'run.finished':
      return judgeRun(judging, event.key, event.payload);
    case 'identity.retired':
      return judgeRetirement(store, event.key, event.payload, event.atMs);
    case 'unit.returned':
      return judgeReturn(judging, event.key, event.payload, event.atMs);
  }
}

function judgeRun(judging: Judging, key: string, run: RunFinishedPayload): Apply {
  const { store } = judging;
  if (!judging.isUnique && store.runs.exists(run.runId)) {
    throw new Rejection('run-known', `run ${run.runId} was reported before under another key`);
  }
  const bind = judgeBinding(judging, run);
  return () => {
    store.runs.insert(key, run, bind());
    return null;
  };
}

function judgeReturn(judging: Judging, key: string, payload: UnitReturnedPayload, atMs: number): Apply {
  const bind = judgeBinding(judging, payload);
  return () => {
    judging.store.returns.insert(key, payload, bind(), atMs);
    return null;
  };
}

function judgeRetirement(store: Store, key: string, payload: IdentityRetiredPayload, atMs: number): Apply {
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
  return () => {
    store.devices.retire(device.id);
    store.runs.insertRetirement(key, device.id, payload, atMs);
    return productId + deviceName;
  };
}
