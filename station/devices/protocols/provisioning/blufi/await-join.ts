import { Fault } from '#shared/domain/fault.ts';
import { type CodedText, provisioningText } from '#shared/words/index.ts';
import type { Clock } from '../../../../core/platform/index.ts';
import { provisioningRefused } from '../provisioning-faults.ts';
import type { BlufiLink } from './blufi-link.ts';
import { describeEndReason, type StationState } from './messages.ts';
import { type NetworkState, parseNetworkState } from './summaries.ts';

/** How often a unit that says nothing is asked: the example of ESP-IDF reports a failure only when it is asked. */
const ASK_MS = 3000;

/** The types of frames about the network, which differ between dialects. */
export interface StatusTypes {
  readonly getStatus: number;
  readonly report: number;
}

/**
 * Awaits the report that the unit has joined its network. A unit that goes on trying is asked again. Faults besides those of the
 * link: `provisioning-refused` with the reason of the unit; `device-silent` without any report.
 */
export async function awaitJoin(
  link: BlufiLink,
  { getStatus, report }: StatusTypes,
  { joinMs, clock }: { readonly joinMs: number; readonly clock: Clock },
  signal: AbortSignal,
): Promise<NetworkState> {
  const endsAtMs = clock.monotonicMs() + joinMs;
  let last: NetworkState | null = null;
  for (;;) {
    const leftMs = endsAtMs - clock.monotonicMs();
    if (leftMs <= 0) throw notJoined(link.address, last, joinMs);
    const what = 'its network';
    const content = await link.receiveWithin(
      { type: report, timeoutMs: Math.min(ASK_MS, leftMs), what },
      signal,
    );
    if (content === null) {
      await link.control(getStatus, [], signal);
      continue;
    }
    const status = parseNetworkState(Buffer.from(content).toString());
    if (status === null)
      throw new Fault('device-garbled', `${link.address} sent a report about its network that is too short`, {
        hint: 'The firmware of the unit speaks another dialect.',
        details: { address: link.address },
      });
    last = status;
    // It may still name the network that it had before.
    if (status.station === 'joined' && status.isWanted !== false) return status;
    if (status.station === 'failed') throw provisioningRefused(link.address, 'join', reasonOf(status), '');
  }
}

function notJoined(address: string, last: NetworkState | null, joinMs: number): Fault {
  if (last !== null)
    return provisioningRefused(address, 'join', provisioningText('after', reasonOf(last), joinMs), '');
  return new Fault('device-silent', `${address} sent no report about its network in ${joinMs} ms`, {
    hint: 'Test it again; when it stays silent, the firmware of the unit speaks another dialect.',
    details: { address, timeoutMs: joinMs },
  });
}

function reasonOf({ station, endReason, endRssiDbm }: NetworkState): CodedText {
  const state = STATE_TEXTS[station];
  if (endReason === null) return state;
  const meaning = describeEndReason(endReason);
  const reason =
    meaning === null
      ? provisioningText('reason', state, endReason)
      : provisioningText('known-reason', state, endReason, meaning);
  return endRssiDbm === null ? reason : provisioningText('signal', reason, endRssiDbm);
}

const STATE_TEXTS: Readonly<Record<StationState, CodedText>> = {
  joined: provisioningText('another-network'),
  failed: provisioningText('not-joined'),
  joining: provisioningText('joining'),
  'no-address': provisioningText('no-address'),
  unknown: provisioningText('unknown-state'),
};
