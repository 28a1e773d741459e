import type { Clock } from '../../../core/platform/index.ts';
import { COMMAND, LONGEST_DATA_BYTES, TYPE } from './frame.ts';
import type { UpdaterLink } from './updater-link.ts';

const MAX_PART_BYTES = LONGEST_DATA_BYTES - 4;
/** The chip erases before it asks for the first part. */
const FIRST_REQUEST_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 3_000;
/** Requests of a whole region that bring nothing forward: for parts that were sent before, as after a disturbance, and others. */
const MAX_IDLE_REQUESTS = 64;

export interface Region {
  readonly bytes: Uint8Array;
  /** Each part is filled with FF to 4096 bytes, as the boot loader takes it. */
  readonly fill: boolean;
  readonly onSent: (bytes: number, ms: number) => void;
}

/**
 * Answers the requests of the chip for the parts of a region, until it says that it has all. `unfinished`: it stopped
 * asking, or asked for what is not there. The end may be lost on the line, so that `served` proves nothing: the region is
 * to be verified. Faults: `port-lost`, the signal's reason.
 */
export async function serveRegion(
  link: UpdaterLink,
  { bytes, fill, onSent }: Region,
  clock: Clock,
  signal: AbortSignal,
): Promise<'served' | 'unfinished'> {
  let [sentTo, idle, sinceMs] = [0, 0, clock.monotonicMs()];
  while (idle < MAX_IDLE_REQUESTS) {
    const timeoutMs = sentTo === 0 ? FIRST_REQUEST_TIMEOUT_MS : REQUEST_TIMEOUT_MS;
    const request = await link.next(({ type }) => type === TYPE.request, timeoutMs, signal);
    if (request === null) return sentTo >= bytes.length ? 'served' : 'unfinished';
    if (request.command === COMMAND.blockDone) return sentTo >= bytes.length ? 'served' : 'unfinished';
    if (request.command !== COMMAND.write || request.data.length < 8) {
      idle += 1;
      continue;
    }
    const asked = new DataView(request.data.buffer, request.data.byteOffset, request.data.byteLength);
    const [offset, size] = [asked.getUint32(0, true), asked.getUint32(4, true)];
    const part = bytes.subarray(offset, offset + Math.min(size, MAX_PART_BYTES));
    if (part.length === 0) {
      link.trace(`the unit asks for ${size} bytes at ${offset} of ${bytes.length}`);
      return 'unfinished';
    }
    const answer = new Uint8Array(4 + (fill ? MAX_PART_BYTES : part.length)).fill(0xff);
    new DataView(answer.buffer).setUint32(0, offset, true);
    answer.set(part, 4);
    await link.send(TYPE.acknowledge, COMMAND.write, answer, signal);
    const end = offset + part.length;
    if (end <= sentTo) idle += 1;
    const nowMs = clock.monotonicMs();
    // The first part includes the time of the erasure.
    if (end > sentTo) onSent(end - sentTo, sentTo === 0 ? 0 : nowMs - sinceMs);
    sentTo = Math.max(sentTo, end);
    sinceMs = nowMs;
  }
  return 'unfinished';
}
