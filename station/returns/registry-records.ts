import { Fault } from '#shared/domain/fault.ts';
import type { IdentityName } from '#shared/domain/triple.ts';
import type { TimelineEntry, UnitReport } from '#shared/contract/index.ts';
import type {
  DeviceEvent,
  DeviceView,
  OwnerReply,
  OwnerView,
  RefusalsReply,
  RegistryClient,
} from '../registry-sync/client/index.ts';
import { DEFAULT_ENTRY } from './timeline.ts';

/** The registry's records of an identity. */
export interface RemoteRecords {
  readonly reachable: boolean;
  readonly device: DeviceView | null;
  readonly refusals: readonly RefusalsReply['refusals'][number][];
  /** Null at a registry that knows no owners. */
  readonly owners: OwnerReply | null;
  readonly events: readonly DeviceEvent[];
}

const NOTHING: Omit<RemoteRecords, 'reachable'> = { device: null, refusals: [], owners: null, events: [] };
/** Events of a unit that its timeline has: the newest. */
const MAX_EVENTS = 30;
const MAX_NOTE = 500;

/** Faults: those of `RegistryClient` except `registry-unreachable`. */
export async function readRegistryRecords(
  registry: RegistryClient | null,
  name: IdentityName | null,
  signal: AbortSignal,
): Promise<RemoteRecords> {
  if (registry === null) return { reachable: false, ...NOTHING };
  try {
    if (name === null) {
      await registry.health(signal);
      return { reachable: true, ...NOTHING };
    }
    const { productId, deviceName } = name;
    const device = await registry.device(productId, deviceName, signal);
    if (device === null) return { reachable: true, ...NOTHING };
    const refusals = await registry.refusals(name, 0, signal);
    const owners = await registry.readOwner(productId, deviceName, signal);
    const events = await registry.readDeviceEvents(productId, deviceName, 0, signal);
    return {
      reachable: true,
      device,
      refusals: refusals?.refusals ?? [],
      owners,
      events: events?.events.slice(-MAX_EVENTS) ?? [],
    };
  } catch (error) {
    // Offline, the report has the records of this station only, and `registryReachable` is false.
    if (error instanceof Fault && error.code === 'registry-unreachable')
      return { reachable: false, ...NOTHING };
    throw error;
  }
}

/** Who the device is bound to; undefined where no registry knows it. */
export function ownerOf({ device, owners }: RemoteRecords): UnitReport['owner'] {
  if (device === null || owners === null) return undefined;
  const { productId, deviceName } = device;
  if (owners.owner === null) return null;
  const { owner, station, boundAtMs } = owners.owner;
  return { productId, deviceName, owner, station, sinceMs: boundAtMs };
}

export function registryTimeline({ device, refusals, owners, events }: RemoteRecords): TimelineEntry[] {
  const base = { ...DEFAULT_ENTRY, source: 'registry' as const, deviceName: device?.deviceName ?? null };
  const entries: TimelineEntry[] = [];
  if (device?.firstSeenMs != null) entries.push({ ...base, atMs: device.firstSeenMs, kind: 'first-online' });
  if (device?.lastSeenMs != null && device.lastSeenMs !== device.firstSeenMs)
    entries.push({ ...base, atMs: device.lastSeenMs, kind: 'last-online' });
  for (const { act, reason, detail, count, address, firstAtMs, lastAtMs } of refusals)
    entries.push({
      ...base,
      atMs: lastAtMs,
      kind: 'refused',
      note: detail,
      refusal: { act, reason, count, sinceMs: firstAtMs, address },
    });
  const bindings: OwnerView[] = owners === null ? [] : [...owners.past];
  if (owners?.owner != null) bindings.push(owners.owner);
  for (const { owner, boundAtMs, released } of bindings) {
    entries.push({ ...base, atMs: boundAtMs, kind: 'owner-bound', note: owner });
    if (released !== null) {
      const { reason, by, atMs } = released;
      entries.push({ ...base, atMs, kind: 'owner-released', note: [owner, reason].join(': '), actor: by });
    }
  }
  for (const { event, type, params, receivedAtMs } of events) {
    const note = [event, type, JSON.stringify(params)].filter((part) => part !== '').join(' ');
    entries.push({ ...base, atMs: receivedAtMs, kind: 'device-event', note: note.slice(0, MAX_NOTE) });
  }
  return entries;
}
