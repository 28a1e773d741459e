import type {
  IdentityRetiredPayload,
  RegistryEvent,
  RunFinishedPayload,
  UnitReturnedPayload,
} from '#shared/registry-api/index.ts';
import type { Binding } from '../store/index.ts';
import { provesSecret } from './proves-secret.ts';
import { checkBinding } from './check-binding.ts';
import { type EventContext, Rejection } from './event-context.ts';

/** The change that a checked event makes when it is applied. */
export type EventChange =
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

/** Checks one event with a new key against the stored data. Throws a `Rejection`. */
export function checkEvent(context: EventContext, event: RegistryEvent): EventChange {
  const { key, atMs } = event;
  requireOwnName(context.station, event);
  switch (event.kind) {
    case 'run.finished':
      return checkRun(context, event);
    case 'identity.retired':
      return checkRetirement(context, event);
    case 'unit.returned':
      return {
        kind: 'return',
        key,
        payload: event.payload,
        atMs,
        binding: checkBinding(context, event),
      };
  }
}

/** A station may report only what it did itself. */
function requireOwnName(station: string, event: RegistryEvent): void {
  if (event.kind === 'identity.retired' || event.payload.station === station) return;
  throw new Rejection('bad-input', `payload.station: ${station} reports what ${event.payload.station} did`);
}

function checkRun(
  context: EventContext,
  event: Extract<RegistryEvent, { kind: 'run.finished' }>,
): EventChange {
  const { key, payload: run } = event;
  if (!context.assumesUnique && context.store.runs.exists(run.runId)) {
    throw new Rejection('run-known', `run ${run.runId} was reported before under another key`);
  }
  return { kind: 'run', key, run, binding: checkBinding(context, event) };
}

function checkRetirement(
  context: EventContext,
  event: Extract<RegistryEvent, { kind: 'identity.retired' }>,
): EventChange {
  const { store, station, mayChangeOtherStations } = context;
  const { key, payload, atMs } = event;
  const { productId, deviceName, chipId } = payload;
  const name = `${productId}/${deviceName}`;
  const device = store.devices.facts(productId, deviceName);
  if (device === null) throw new Rejection('identity-unknown', `${name} is not in this registry`);
  if (device.state === 'retired') throw new Rejection('identity-retired', `${name} is retired already`);
  const hasNoHolder = device.leasedTo === null;
  if (
    device.leasedTo !== station &&
    !mayChangeOtherStations &&
    !(hasNoHolder && provesSecret(context, event, device))
  ) {
    const owner = hasNoHolder ? 'is leased to no station' : `belongs to ${device.leasedTo}`;
    throw new Rejection(
      'identity-leased-elsewhere',
      `${name} ${owner}, and ${station} does not have the right "desk" to retire it`,
    );
  }
  if (chipId !== null && device.chipId !== null && device.chipId !== chipId) {
    throw new Rejection(
      'identity-bound-elsewhere',
      `${name} belongs to unit ${device.chipId}, not to ${chipId}`,
    );
  }
  return { kind: 'retirement', key, payload, atMs, deviceId: device.id };
}
