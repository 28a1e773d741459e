import { Fault } from '#shared/domain/fault.ts';
import { visibleLine } from '#shared/codec/visible-text.ts';
import { DEVICE_INFO, EVENT } from './message-types.ts';
import type { LlsyncLink } from './llsync-link.ts';
import type { LlsyncMessage } from './slices.ts';

/** The unit asks the station to set this MTU. */
const SET_MTU = 0x8000;

/** What a unit says about itself: event 08. */
export interface DeviceInfo {
  readonly protocolVersion: number;
  readonly mtuBytes: number;
  /** The station is to report the MTU of the connection. */
  readonly wantsMtu: boolean;
  /** Its DeviceName while it is provisioned, else its firmware version; `''` when it says none. */
  readonly text: string;
}

/**
 * Version (1), MTU (2, bit 15: please set it), length (1) and text; `null` for other bytes. Firmware of the LLSync SDK before 1.4 ends
 * after the MTU: its text is `''`.
 */
export function readDeviceInfo(data: Uint8Array): DeviceInfo | null {
  const [protocolVersion, high, low, length = 0] = data;
  if (protocolVersion === undefined || high === undefined || low === undefined) return null;
  if (data.length < 4 + length && data.length !== 3) return null;
  const mtu = (high << 8) | low;
  return {
    protocolVersion,
    mtuBytes: mtu & ~SET_MTU,
    wantsMtu: (mtu & SET_MTU) !== 0,
    text: Buffer.from(data.subarray(4, 4 + length)).toString('utf8'),
  };
}

/**
 * Awaits event 08, and reports the MTU of the connection when the unit asks for it. Faults: `device-silent`, `device-garbled`, those
 * of `BleConnection`.
 */
export async function receiveDeviceInfo(
  link: LlsyncLink,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DeviceInfo> {
  const what = 'information about itself';
  const message = await link.receive({ types: [EVENT.deviceInfo], timeoutMs, what }, signal);
  const info = readDeviceInfo(message.data);
  if (info === null) throw garbled(link, message, what);
  if (info.wantsMtu) {
    const mtu = await link.connection.mtu({ timeoutMs, signal });
    await link.request([DEVICE_INFO.mtuResult, mtu >> 8, mtu & 0xff], signal);
  }
  return { ...info, text: visibleLine(info.text) };
}

/** A message of the right type with other content. */
export function garbled(link: LlsyncLink, { type, data }: LlsyncMessage, what: string): Fault {
  const hex = Buffer.concat([Buffer.of(type), data])
    .toString('hex')
    .toUpperCase();
  const { address } = link.connection;
  return new Fault('device-garbled', `${address} sent ${what} that cannot be read: ${hex}`, {
    hint: 'Test it again; when it stays so, the firmware of the unit does not speak LLSync.',
    details: { address },
  });
}
