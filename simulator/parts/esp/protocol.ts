/** Command numbers of the serial protocol. Source: esptool's documentation of it. */
export const ESP = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeRegister: 0x09,
  readRegister: 0x0a,
  spiSetParameters: 0x0b,
  spiAttach: 0x0d,
  readFlashSlow: 0x0e,
  changeBaudRate: 0x0f,
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  flashMd5: 0x13,
  securityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;

/** Errors of the ROM: second status byte. */
export const ROM_ERROR = {
  invalidMessage: 0x05,
  failed: 0x06,
  invalidChecksum: 0x07,
  deflate: 0x0b,
} as const;

/** Errors of the stub: first status byte. */
export const STUB_ERROR = {
  dataLength: 0xc0,
  checksum: 0xc1,
  blockSize: 0xc2,
  spiOperation: 0xc4,
  notInFlashMode: 0xc6,
  inflate: 0xc7,
  notEnoughData: 0xc8,
  tooMuchData: 0xc9,
  notImplemented: 0xff,
} as const;

const HEADER_BYTES = 8;
const DATA_HEADER_BYTES = 16;
const CHECKSUM_SEED = 0xef;
const REQUEST = 0x00;
const REPLY = 0x01;

export interface EspRequest {
  readonly command: number;
  readonly checksum: number;
  readonly data: Buffer;
}

/** Parses the content of a frame. `null`: the chip does not reply to it. */
export function parseRequest(frame: Buffer): EspRequest | null {
  if (frame.length < HEADER_BYTES || frame[0] !== REQUEST) return null;
  const data = frame.subarray(HEADER_BYTES);
  if (frame.readUInt16LE(2) !== data.length) return null;
  return { command: frame.readUInt8(1), checksum: frame.readUInt32LE(4), data };
}

/** The content of a reply: header, data, status bytes. `value` is that of READ_REG and SYNC. */
export function replyOf(command: number, value: number, data: Uint8Array, status: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = REPLY;
  header[1] = command;
  header.writeUInt16LE(data.length + status.length, 2);
  header.writeUInt32LE(value >>> 0, 4);
  return Buffer.concat([header, data, status]);
}

/** The words of a request, little-endian. Missing ones are 0. */
export function wordsOf(data: Buffer): (index: number) => number {
  return (index) => (data.length >= index * 4 + 4 ? data.readUInt32LE(index * 4) : 0);
}

/** The payload of a data packet: what follows the four words length, sequence, 0, 0. */
export function payloadOf(request: EspRequest): { readonly length: number; readonly bytes: Buffer } {
  const length = wordsOf(request.data)(0);
  return { length, bytes: request.data.subarray(Math.min(DATA_HEADER_BYTES, request.data.length)) };
}

/** XOR of all bytes, seeded. */
export function checksumOf(bytes: Buffer): number {
  let sum = CHECKSUM_SEED;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
