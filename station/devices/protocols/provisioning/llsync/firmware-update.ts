import { Fault } from '#shared/domain/fault.ts';
import type { LlsyncDevice } from './llsync-device.ts';
import { garbled } from './device-info.ts';
import { EVENT, OTA } from './message-types.ts';
import { encodeMessage, type LlsyncMessage } from './slices.ts';

const ALLOWED = 0x01;
const VALID = 0x80;
const PACKET_HEADER_BYTES = 3;
const REPLY_BYTES = 10;
/** A unit that asks for the same bytes this often cannot take them. */
const MAX_REPEATS = 5;
/** For a unit that says 0 seconds. */
const LEAST_WAIT_MS = 3000;
/** How long a second word of the unit may follow the first. */
const SETTLE_MS = 300;
const PROGRESS_BYTES = 5;

export interface LlsyncFirmware {
  readonly bytes: Uint8Array;
  /** CRC-32/ISO-HDLC of the bytes. */
  readonly crc32: number;
  /** At most 32 characters. */
  readonly version: string;
}

export interface FirmwareUpdateOptions {
  readonly firmware: LlsyncFirmware;
  readonly answerMs: number;
  /** Called with what the unit has. */
  onProgress(receivedBytes: number): void;
}

/** What the unit says to the request. */
interface Plan {
  readonly packetsPerLoop: number;
  readonly payloadBytes: number;
  readonly retryMs: number;
  readonly rebootMs: number;
  readonly receivedBytes: number;
  readonly intervalMs: number;
}

/**
 * Sends new firmware over FFE4: request with size, CRC-32 and version; packets in loops with a sequence number from 0; after each
 * loop the unit says what it has, and after a lost packet where to go on; end, and the result of its check. A download that broke
 * is resumed where the unit says. Returns how long the unit may take to restart, in milliseconds. Source: LLSync protocol 1.4.1,
 * OTA; SDK `ble_qiot_llsync_ota`. Faults: `device-rejected` when the unit takes no firmware, `flash-mismatch` when its check fails,
 * `device-silent`, `device-garbled`, those of `BleConnection`.
 */
export async function updateFirmware(
  { link }: LlsyncDevice,
  { firmware, answerMs, onProgress }: FirmwareUpdateOptions,
  signal: AbortSignal,
): Promise<{ readonly rebootMs: number }> {
  const { bytes } = firmware;
  const { address } = link.connection;
  for (const value of encodeMessage(OTA.request, requestOf(firmware), link.sliceBytes))
    await link.sendFirmware(value, signal);
  const what = 'answer to the new firmware';
  const reply = await link.receive({ types: [EVENT.otaReply], timeoutMs: answerMs, what }, signal);
  const plan = planOf(reply, link.sliceBytes);
  if (plan === null) throw garbled(link, reply, what);
  if (typeof plan === 'string')
    throw new Fault('device-rejected', `${address} takes no new firmware: ${plan}`, {
      hint: 'Check its supply and the version of the firmware of the batch.',
      details: { address },
    });

  let sent = plan.receivedBytes;
  let sequence = 0;
  let repeats = 0;
  onProgress(sent);
  for (;;) {
    while (sequence < plan.packetsPerLoop && sent < bytes.length) {
      const payload = bytes.subarray(sent, sent + plan.payloadBytes);
      const packet = Buffer.concat([Buffer.of(OTA.data, payload.length + 1, sequence), payload]);
      await link.sendFirmware(packet, signal, { secret: true });
      sent += payload.length;
      sequence += 1;
      if (plan.intervalMs > 0) await link.clock.sleep(plan.intervalMs, signal);
    }
    // The unit asks again by itself when it misses a packet.
    const timeoutMs = Math.max(LEAST_WAIT_MS, 2 * plan.retryMs);
    const awaited = { types: [EVENT.otaData], what: 'word about the firmware that it has' };
    let progress = readProgress(link, await link.receive({ ...awaited, timeoutMs }, signal), bytes.length);
    // A unit that asked for a packet which was on its way says soon that it has come.
    while (progress.received < sent) {
      const later = await link.receiveWithin({ ...awaited, timeoutMs: SETTLE_MS }, signal);
      if (later === null) break;
      progress = readProgress(link, later, bytes.length);
    }
    const { received } = progress;
    onProgress(received);
    if (received === bytes.length) break;
    repeats = received < sent ? repeats + 1 : 0;
    if (repeats > MAX_REPEATS)
      throw new Fault(
        'device-silent',
        `${address} asked ${repeats} times for the firmware from byte ${received}`,
        {
          hint: 'Bring the unit nearer to the adapter, then test it again.',
          details: { address },
        },
      );
    sequence = progress.sequence % plan.packetsPerLoop;
    sent = received;
  }
  await link.sendFirmware(Uint8Array.of(OTA.end), signal);
  const check = await link.receive(
    { types: [EVENT.otaCheck], timeoutMs: answerMs, what: 'result of its check of the firmware' },
    signal,
  );
  const [result = 0] = check.data;
  if ((result & VALID) !== 0) return { rebootMs: plan.rebootMs };
  throw new Fault(
    'flash-mismatch',
    `${address} refuses the firmware that it received: ${checkFailure(result)}`,
    {
      hint: 'Test it again; when it stays so, the unit is faulty.',
      details: { address },
    },
  );
}

/** The sequence that the unit wants next, and what it has. Faults: `device-garbled`. */
function readProgress(
  link: LlsyncDevice['link'],
  message: LlsyncMessage,
  size: number,
): { readonly sequence: number; readonly received: number } {
  const view = Buffer.from(message.data);
  const received = view.length === PROGRESS_BYTES ? view.readUInt32BE(1) : Infinity;
  if (received > size) throw garbled(link, message, 'progress of the firmware');
  return { sequence: view.readUInt8(0), received };
}

function requestOf({ bytes, crc32, version }: LlsyncFirmware): Uint8Array {
  const text = Buffer.from(version);
  const head = Buffer.alloc(9);
  head.writeUInt32BE(bytes.length, 0);
  head.writeUInt32BE(crc32, 4);
  head.writeUInt8(text.length, 8);
  return Buffer.concat([head, text]);
}

/** A text: why the unit takes no firmware; `null`: it cannot be read. */
function planOf({ data }: LlsyncMessage, sliceBytes: number): Plan | string | null {
  const [flags, reason] = data;
  if (flags === undefined || reason === undefined) return null;
  if ((flags & ALLOWED) === 0) return refusal(reason);
  if (data.length < REPLY_BYTES) return null;
  const view = Buffer.from(data);
  const packetsPerLoop = view.readUInt8(1);
  const payloadBytes = Math.min(view.readUInt8(2), sliceBytes) - PACKET_HEADER_BYTES;
  if (packetsPerLoop === 0 || payloadBytes <= 0) return null;
  return {
    packetsPerLoop,
    payloadBytes,
    retryMs: view.readUInt8(3) * 1000,
    rebootMs: view.readUInt8(4) * 1000,
    receivedBytes: view.readUInt32BE(5),
    intervalMs: view.readUInt8(9),
  };
}

function refusal(reason: number): string {
  switch (reason) {
    case 2:
      return 'its battery is low';
    case 3:
      return 'it has this version or a newer one';
    default:
      return `reason ${reason}`;
  }
}

function checkFailure(result: number): string {
  switch (result) {
    case 0:
      return 'wrong CRC';
    case 1:
      return 'its flash failed';
    case 2:
      return 'wrong content';
    default:
      return `result ${result}`;
  }
}
