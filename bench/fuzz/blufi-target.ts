import { createHash } from 'node:crypto';
import { agreeKeys } from '../../simulator/parts/blufi/session-keys.ts';
import { openFrame } from '../../simulator/parts/blufi/frames.ts';
import { createRandom } from '../../simulator/platform/index.ts';
import {
  type BlufiCipher,
  createCipherV1,
  createCipherV2,
} from '../../station/devices/protocols/provisioning/blufi/cipher.ts';
import { crcGenibus } from '../../station/devices/protocols/provisioning/blufi/frame.ts';
import { FrameReader } from '../../station/devices/protocols/provisioning/blufi/frame-reader.ts';
import { FrameWriter } from '../../station/devices/protocols/provisioning/blufi/frame-writer.ts';
import {
  describeEndReason,
  describeError,
  readStatusReport,
  readVersion,
  readWifiList,
} from '../../station/devices/protocols/provisioning/blufi/messages.ts';
import type { Target } from './target.ts';

const SECRET = createHash('sha256').update('a shared secret').digest();
/** The longest message that a reader puts together. */
const MAX_CONTENT_BYTES = 8192;
const NOTHING = { isEncrypted: false, hasChecksum: false, isAckWanted: false };
const LIST = Buffer.from('08d874656e63656e7407bae6b58be8af95', 'hex');
const REPORT = Buffer.from('010000010602112233445502077465' + '6e63656e7415010f1601c8', 'hex');

/** Frames of messages of a unit, each behind one byte of length; the first byte chooses the cipher. */
function session(cipher: number, ...messages: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const writer = new FrameWriter();
  const frames = messages.flatMap(([type, content]) => [
    ...writer.write(type, content, 20, { ...NOTHING, hasChecksum: cipher > 0 }, null),
  ]);
  return Buffer.concat([
    Buffer.of(cipher),
    ...frames.flatMap(({ bytes }) => [Buffer.of(bytes.length), bytes]),
  ]);
}

const SEEDS = [0, 1, 2].map((cipher) =>
  session(
    cipher,
    [0x41, Buffer.of(1, 3)],
    [0x01, Buffer.alloc(128, 7)],
    [0x3d, REPORT],
    [0x45, LIST],
    [0x49, Buffer.of(1)],
  ),
);

/** Reads the frames as they are, and again with the right numbers and checksums, so that changed bytes reach the code behind. */
function readAsUnit(bytes: Uint8Array): void {
  const cipher = cipherOf(bytes[0] ?? 0);
  const [first, repaired] = [new FrameReader(), new FrameReader()];
  let number = 0;
  for (const frame of framesOf(bytes)) {
    read(first, frame, cipher);
    read(repaired, repair(frame, number++ & 0xff), null);
  }
}

function read(reader: FrameReader, frame: Uint8Array, cipher: BlufiCipher | null): void {
  const received = reader.receive(frame, cipher);
  if (!received.ok || received.message === null) return;
  const { content } = received.message;
  if (content.length > MAX_CONTENT_BYTES) throw new Error(`a message of ${content.length} bytes`);
  const report = readStatusReport(content);
  if (report?.endReason != null) describeEndReason(report.endReason);
  for (const { rssiDbm } of readWifiList(content) ?? [])
    if (rssiDbm < -128 || rssiDbm > 127) throw new Error(`${rssiDbm} dBm`);
  readVersion(content);
  describeError(content);
}

/** Clears the flag of encryption, and sets sequence, length and checksum. */
function repair(frame: Uint8Array, number: number): Uint8Array {
  const [type = 0, flags = 0] = frame;
  const hasChecksum = (flags & 2) !== 0;
  const data = frame.subarray(4, Math.max(4, frame.length - (hasChecksum ? 2 : 0)));
  const sum = crcGenibus(Uint8Array.of(number, data.length, ...data));
  const tail = hasChecksum ? [sum & 0xff, sum >> 8] : [];
  return Uint8Array.of(type, flags & ~1, number, data.length, ...data, ...tail);
}

function* framesOf(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 1; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    yield bytes.subarray(at + 1, at + 1 + length);
    at += 1 + length;
  }
}

function cipherOf(choice: number): BlufiCipher | null {
  if (choice % 3 === 0) return null;
  return choice % 3 === 1 ? createCipherV1(SECRET) : createCipherV2(SECRET);
}

const PARAMETERS = Buffer.from('00010b00010200080102030405060708', 'hex');

/** The simulated unit's side: frames of a phone, and parameters of a key exchange. */
function readAsPhone(bytes: Uint8Array): void {
  let expected = 0;
  for (const frame of framesOf(bytes))
    if (!('error' in openFrame(frame, expected, null))) expected = (expected + 1) % 256;
  const [announced = 0] = bytes;
  // Longer groups only take longer.
  agreeKeys(1, Buffer.from(bytes.subarray(1, 64)), announced, createRandom('fuzz'));
}

export const TARGETS: readonly Target[] = [
  { name: 'blufi', seeds: SEEDS, feed: readAsUnit },
  {
    name: 'blufi-phone',
    seeds: [...SEEDS, Buffer.concat([Buffer.of(PARAMETERS.length), PARAMETERS])],
    feed: readAsPhone,
  },
];
