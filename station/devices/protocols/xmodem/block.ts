import { crc } from '#shared/codec/crc.ts';

/** Control characters of XMODEM. Source: Chuck Forsberg, "XMODEM/YMODEM Protocol Reference". */
export const XMODEM = {
  /** Begins a block of 128 bytes. */
  soh: 0x01,
  /** Begins a block of 1024 bytes. */
  stx: 0x02,
  eot: 0x04,
  ack: 0x06,
  nak: 0x15,
  can: 0x18,
  /** Fills the last block. */
  pad: 0x1a,
  /** `C`: the receiver asks for blocks with CRC. */
  wantCrc: 0x43,
} as const;

export const LONG_BLOCK_BYTES = 1024;
export const SHORT_BLOCK_BYTES = 128;

export interface BlockData {
  readonly data: Uint8Array;
  readonly size: typeof LONG_BLOCK_BYTES | typeof SHORT_BLOCK_BYTES;
}

/** A block: its start, its number, the complement, the data filled with 1A, CRC-16/XMODEM with the high byte first. */
export function encodeBlock(number: number, { data, size }: BlockData): Uint8Array {
  const block = new Uint8Array(3 + size + 2).fill(XMODEM.pad);
  block[0] = size === LONG_BLOCK_BYTES ? XMODEM.stx : XMODEM.soh;
  block[1] = number & 0xff;
  block[2] = ~number & 0xff;
  block.set(data, 3);
  new DataView(block.buffer).setUint16(3 + size, crc('crc16-xmodem', block.subarray(3, 3 + size)));
  return block;
}

/**
 * Splits a file into the data of its blocks. Blocks are long; a `short` tail has short blocks where a long one would be
 * filled for the most part, as `sx -k` sends it.
 */
export function splitBlocks(bytes: Uint8Array, tail: 'long' | 'short'): readonly BlockData[] {
  const blocks: BlockData[] = [];
  for (let at = 0; at < bytes.length;) {
    const left = bytes.length - at;
    const isShort = tail === 'short' && left <= LONG_BLOCK_BYTES - SHORT_BLOCK_BYTES;
    const size = isShort ? SHORT_BLOCK_BYTES : LONG_BLOCK_BYTES;
    blocks.push({ data: bytes.subarray(at, at + size), size });
    at += size;
  }
  return blocks;
}
