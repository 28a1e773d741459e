import type {
  IdentityRetiredPayload,
  RegistryEvent,
  RunFinishedPayload,
  UnitReturnedPayload,
} from '#shared/registry-api/index.ts';
import type { Binding, Store } from '../store/index.ts';
import { judgeBinding } from './judge-binding.ts';
import type { Judging } from './judging.ts';
import { Rejection } from './rejection.ts';

/** What an event may change: it was judged, and nothing was changed yet. */
export type Judged =
  | {
      readonly kind: 'run';
      readonly key: string;
      readonly run: RunFinishedPayload;
      readonly binding: Binding | null;
    }
  | {
      readonly kind: 'return';
      readonly key: string;
      readonly payload: UnitReturnedPayload;
      readonly atMs: number;
      readonly binding: Binding | null;
    }
  | {
      readonly kind: 'retirement';
      readonly key: string;
      readonly payload: IdentityRetiredPayload;
      readonly atMs: number;
      readonly deviceId: number;
    };

/** Judges one checked event, new by its key, by what is known; changes nothing yet. Throws a `Rejection`. */
export function judgeEvent(judging: Judging, event: RegistryEvent): Judged {
  const { key, atMs } = event;
  switch (event.kind) {
    case 'run.finished':
      return judgeRun(judging, key, event.payload);
    case 'identity.retired':
      return judgeRetirement(judging.store, key, event.payload, atMs);
    case 'unit.returned':
      return {
        kind: 'return',
        key,
        payload: event.payload,
        atMs,
        binding: judgeBinding(judging, event.payload),
      };
  }
}

function judgeRun(judging: Judging, key: string, run: RunFinishedPayload): Judged {
  if (!judging.isUnique && judging.store.runs.exists(run.runId)) {
    throw new Rejection('run-known', `run ${run.runId} was reported before under another key`);
  }
  return { kind: 'run', key, run, binding: judgeBinding(judging, run) };
}

function judgeRetirement(store: Store, key: string, payload: IdentityRetiredPayload, atMs: number): Judged {
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
  return { kind: 'retirement', key, payload, atMs, deviceId: device.id };
}
