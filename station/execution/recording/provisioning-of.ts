import { z } from 'zod';
import type { ProvisioningMoment } from '#shared/contract/index.ts';
import { bindTokenView, deviceEventsReply } from '#shared/registry-api/index.ts';
import type { Entry, Json } from './format.ts';
import type { Recording } from './read-recording.ts';

/** The reply to the making of a token; a recording does not have the token. */
const made = bindTokenView.omit({ tokenId: true }).loose();
const released = z.object({ released: z.boolean() });

/** A reply of the registry and the call that it belongs to. */
interface Reply {
  readonly call: string;
  readonly text: string;
  readonly value: Json | undefined;
  /** When it came, Unix milliseconds. */
  readonly atMs: number;
}

/**
 * What happened with the provisioning of a run, from its recording: the token, its states, and the events of the device at the
 * registry, in the order of time. What the registry saw has the time of the registry, set to the clock of the station.
 */
export function provisioningOf({ header, entries }: Recording): ProvisioningMoment[] {
  const startedAtMs = header.startedAtMs ?? 0;
  const moments: ProvisioningMoment[] = [];
  const seen = new Set<string>();
  /** Once for each token or event. */
  const add = (key: string, moment: ProvisioningMoment): void => {
    if (moment.atMs < startedAtMs || seen.has(key)) return;
    seen.add(key);
    moments.push(moment);
  };
  /** Tokens are counted: a run may make another one. */
  let tokens = 0;
  /** What the clock of the registry is ahead, by the making of the token. */
  let aheadMs = 0;
  let madeAtMs = startedAtMs;
  /**
   * An instant of the registry by the clock of the station. The reply to the making came later than the making itself, so that this is
   * late by the way of the reply: what a reply tells happened before it came, and a report after the token was made.
   */
  const atStation = (registryMs: number, toldAtMs: number): number =>
    Math.min(toldAtMs, Math.max(madeAtMs, registryMs - aheadMs));
  for (const entry of entries.values()) {
    const reply = replyOf(entry, entries, startedAtMs);
    if (reply === null) continue;
    const { call, text, value, atMs } = reply;
    switch (call) {
      case 'makeBindToken': {
        const token = made.safeParse(value);
        if (!token.success) break;
        tokens += 1;
        aheadMs = token.data.madeAtMs - atMs;
        madeAtMs = atMs;
        add(`made ${tokens}`, { kind: 'token-made', atMs, text: token.data.deviceName ?? '', params: null });
        break;
      }
      case 'readBindToken': {
        const token = bindTokenView.safeParse(value);
        if (!token.success) break;
        const { refusedBy, refusedAtMs, reportedBy, reportedAtMs, state } = token.data;
        if (refusedBy !== null && refusedAtMs !== null)
          add(`refused ${refusedAtMs}`, {
            kind: 'report-refused',
            atMs: atStation(refusedAtMs, atMs),
            text: refusedBy.deviceName,
            params: null,
          });
        if (reportedBy !== null && reportedAtMs !== null)
          add(`reported ${tokens}`, {
            kind: 'reported',
            atMs: atStation(reportedAtMs, atMs),
            text: reportedBy.deviceName,
            params: null,
          });
        if (state === 'expired') add(`expired ${tokens}`, { kind: 'expired', atMs, text: '', params: null });
        break;
      }
      case 'bindDevice': {
        // "bindDevice TOKEN-ID OWNER KEY"; an owner has no blank in a run.
        const [, owner = ''] = text.split(' ');
        add(`bound ${tokens}`, { kind: 'bound', atMs, text: owner, params: null });
        break;
      }
      case 'unbindDevice':
        if (released.safeParse(value).data?.released === true)
          add(`released ${moments.length}`, { kind: 'released', atMs, text: '', params: null });
        break;
      case 'withdrawBindToken':
        // At its end a run withdraws its token in any case; one that was released stays so.
        if (bindTokenView.safeParse(value).data?.state === 'withdrawn')
          add(`withdrawn ${tokens}`, { kind: 'withdrawn', atMs, text: '', params: null });
        break;
      case 'readDeviceEvents': {
        const read = deviceEventsReply.safeParse(value);
        for (const one of read.data?.events ?? [])
          add(`event ${one.eventNumber}`, {
            kind: 'event',
            atMs: atMs - ((read.data?.nowMs ?? 0) - one.receivedAtMs),
            text: one.event,
            params: JSON.stringify(one.params),
          });
        break;
      }
    }
  }
  return moments.sort((one, other) => one.atMs - other.atMs);
}

/** `null` for an entry that is no good reply of the registry. */
function replyOf(entry: Entry, entries: ReadonlyMap<number, Entry>, startedAtMs: number): Reply | null {
  if (entry.type !== 'reply' || entry.fault !== undefined) return null;
  const request = entries.get(entry.request);
  if (request?.type !== 'request' || request.kind !== 'registry') return null;
  const [call = '', ...rest] = request.key.split(' ');
  return { call, text: rest.join(' '), value: entry.value, atMs: Math.round(startedAtMs + entry.atMs) };
}
