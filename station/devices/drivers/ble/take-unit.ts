import { Fault } from '#shared/domain/fault.ts';
import type { BleAdvertisement, BleLimits, BleSelection } from '../../../core/platform/index.ts';
import type { SharedScan } from './shared-scan.ts';

/** A unit that fits, and how strong it was received. */
interface Candidate {
  readonly latest: BleAdvertisement;
  readonly samplesDbm: number[];
}

/** Enough for a median. */
const MAX_SAMPLES = 256;
const MAX_NAMED = 8;

/**
 * Finds the strongest unit that fits and that no other slot has taken. It listens until one is strong enough, then for
 * `listenMs` more. Faults: `ble-unseen`, `ble-ambiguous` when a second one is about as strong.
 *
 * @param isTaken true for the address of a unit of another slot
 */
export async function selectUnit(
  scan: SharedScan,
  selection: BleSelection,
  isTaken: (address: string) => boolean,
  { timeoutMs, signal }: BleLimits,
): Promise<BleAdvertisement> {
  const { minRssiDbm, marginDb, listenMs } = selection;
  const candidates = new Map<string, Candidate>();
  const heard = new Set<string>();
  const endsMs = performance.now() + timeoutMs;
  const collect = (advertisement: BleAdvertisement): boolean => {
    const { address, rssiDbm } = advertisement;
    heard.add(address);
    if (!selection.fits(advertisement)) return false;
    const samplesDbm = candidates.get(address)?.samplesDbm ?? [];
    if (samplesDbm.length < MAX_SAMPLES) samplesDbm.push(rssiDbm);
    candidates.set(address, { latest: advertisement, samplesDbm });
    return rssiDbm >= minRssiDbm && !isTaken(address);
  };
  const compare = (advertisement: BleAdvertisement): boolean => {
    collect(advertisement);
    return false;
  };
  let leftMs = timeoutMs;
  while (leftMs > 0 && (await scan.receive(null, collect, leftMs, signal))) {
    if (listenMs > 0) await scan.receive(null, compare, listenMs, signal);
    const free = [...candidates.values()]
      .map(({ latest, samplesDbm }) => ({ latest, dbm: median(samplesDbm) }))
      .filter(({ latest, dbm }) => dbm >= minRssiDbm && !isTaken(latest.address))
      .sort((one, other) => other.dbm - one.dbm);
    const [first, second] = free;
    if (first !== undefined) {
      if (second !== undefined && first.dbm - second.dbm < marginDb) throw ambiguous(free, marginDb);
      return first.latest;
    }
    // Another slot has taken the only one meanwhile, or it was strong once.
    leftMs = endsMs - performance.now();
  }
  throw unseen(heard.size, candidates, isTaken, selection, timeoutMs);
}

/** Of an even number of values the greater of the two in the middle. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? -Infinity;
}

function unseen(
  heard: number,
  candidates: ReadonlyMap<string, Candidate>,
  isTaken: (address: string) => boolean,
  { minRssiDbm }: BleSelection,
  timeoutMs: number,
): Fault {
  const others = [...candidates.keys()].filter(isTaken).length;
  const weak = [...candidates.values()]
    .filter(({ latest }) => !isTaken(latest.address))
    .map(({ samplesDbm }) => median(samplesDbm))
    .sort((one, other) => other - one);
  const [strongest] = weak;
  const parts = [
    `heard ${heard}`,
    ...(others === 0 ? [] : [`${others} of them on another slot`]),
    ...(strongest === undefined
      ? []
      : [
          `${weak.length} too weak, the strongest with ${strongest} dBm where ${minRssiDbm} dBm is the least`,
        ]),
  ];
  return new Fault(
    'ble-unseen',
    `no unit that fits device.ble.identify was received over Bluetooth in ${timeoutMs} ms: ${parts.join(', ')}`,
    {
      hint: 'Check that the unit has power and lies on its place, then test it again.',
      details: { timeoutMs },
    },
  );
}

function ambiguous(
  free: readonly { readonly latest: BleAdvertisement; readonly dbm: number }[],
  marginDb: number,
): Fault {
  const named = free
    .slice(0, MAX_NAMED)
    .map(({ latest, dbm }) => `${latest.address} with ${dbm} dBm`)
    .join(', ');
  return new Fault(
    'ble-ambiguous',
    `several units are about as strong and fit device.ble.identify: ${named}; the strongest must lead by ${marginDb} dB`,
    {
      hint: 'Take the other units away, or scan the serial number of the unit where units advertise it.',
      details: {
        addresses: free
          .slice(0, MAX_NAMED)
          .map(({ latest }) => latest.address)
          .join(', '),
      },
    },
  );
}
