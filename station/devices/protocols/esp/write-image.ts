import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import type { FlashImage } from '../flashing/index.ts';
import { checksumOf, type Command, hexOf, LINE_ERRORS, words } from './commands.ts';
import { type CompressedBlock, compressImage, filled, inWords } from './compress.ts';
import { requestFrame } from './link.ts';
import type { ReadyLoader } from './loader-state.ts';

const STUB_BLOCK_BYTES = 0x4000;
/** A ROM takes as much as a sector, or only a quarter of it: the first is tried first. */
const ROM_BLOCK_BYTES = [0x1000, 0x400] as const;
const DEFAULT_TIMEOUT_MS = 3000;
/** The slowest flashes, by their data sheets. */
const ERASE_MS_PER_MEGABYTE = 30_000;
const WRITE_MS_PER_MEGABYTE = 40_000;
const MEGABYTE = 1_000_000;
const BLOCK_ATTEMPTS = 3;
const BITS_PER_BYTE = 10;

interface Plan {
  readonly begin: Command;
  readonly data: Command;
  readonly end: Command;
  readonly blocks: readonly CompressedBlock[];
  readonly blockBytes: number;
}

/**
 * Erases the sectors of an image and writes it; nothing is proven yet. One block is on the line at a time: the loader has
 * buffers for the block that it writes and for the one that it receives, and acknowledges a block when it can take the next.
 * Faults: those of `EspLink.command`.
 */
export async function writeImage(
  loader: ReadyLoader,
  { bytes, ...where }: FlashImage,
  onWritten: (imageBytes: number) => void,
): Promise<void> {
  const image = { ...where, bytes: inWords(bytes) };
  const sizes = loader.isStub ? [STUB_BLOCK_BYTES] : ROM_BLOCK_BYTES;
  for (const [index, blockBytes] of sizes.entries()) {
    let isTaken = false;
    try {
      const plan = await planFor(loader, image, blockBytes);
      await begin(loader, image, plan);
      await sendBlocks(loader, plan, (written) => {
        isTaken = true;
        onWritten(Math.min(written, bytes.length));
      });
      return;
    } catch (error) {
      const isSize = error instanceof Fault && ['device-rejected', 'device-silent'].includes(error.code);
      if (!isSize || isTaken || index === sizes.length - 1) throw error;
      loader.trace(`the ROM does not take blocks of ${blockBytes} bytes`);
    }
  }
}

/** Begins to compress images for the stub, while the chip is connected. */
export function prepareImages(images: readonly FlashImage[]): void {
  for (const { bytes } of images) void compressImage(inWords(bytes), STUB_BLOCK_BYTES);
}

/** Compressed where that makes it shorter. */
async function planFor({ isStub }: ReadyLoader, image: FlashImage, blockBytes: number): Promise<Plan> {
  const blocks = await compressImage(image.bytes, blockBytes);
  if (blocks !== null)
    return { begin: 'FLASH_DEFL_BEGIN', data: 'FLASH_DEFL_DATA', end: 'FLASH_DEFL_END', blocks, blockBytes };
  const raw = rawBlocks(image.bytes, blockBytes, isStub);
  return { begin: 'FLASH_BEGIN', data: 'FLASH_DATA', end: 'FLASH_END', blocks: raw, blockBytes };
}

/** The ROM writes whole blocks: the last one is filled with the value of erased flash. */
function rawBlocks(image: Uint8Array, blockBytes: number, isStub: boolean): CompressedBlock[] {
  const blocks: CompressedBlock[] = [];
  for (let at = 0; at < image.length; at += blockBytes) {
    const bytes = image.subarray(at, at + blockBytes);
    blocks.push({ bytes: isStub ? bytes : filled(bytes, blockBytes), imageBytes: bytes.length });
  }
  return blocks;
}

async function begin(loader: ReadyLoader, { name, offset, bytes }: FlashImage, plan: Plan): Promise<void> {
  const { link, chip, isStub, trace } = loader;
  const { blockBytes, blocks } = plan;
  const isCompressed = plan.begin === 'FLASH_DEFL_BEGIN';
  // The ROM erases before its reply; of a compressed image it erases whole blocks.
  const size = isStub || !isCompressed ? bytes.length : Math.ceil(bytes.length / blockBytes) * blockBytes;
  const parameters = [size, blocks.length, blockBytes, offset];
  if (!isStub && chip.romTakesEncrypted) parameters.push(0);
  const timeoutMs = isStub ? DEFAULT_TIMEOUT_MS : scaled(ERASE_MS_PER_MEGABYTE, size);
  await link.command(plan.begin, words(...parameters), { timeoutMs });
  const sent = blocks.reduce((sum, block) => sum + block.bytes.length, 0);
  trace(
    `${plan.begin} ${name} at ${hexOf(offset)}: ${counted(bytes.length, 'byte')}, ${sent} sent in ${counted(blocks.length, 'block')}`,
  );
}

async function sendBlocks(
  loader: ReadyLoader,
  { data, end, blocks }: Plan,
  onWritten: (imageBytes: number) => void,
): Promise<void> {
  const { link, isStub, baudRate } = loader;
  let written = 0;
  /** Image bytes that the stub writes while it receives the next block. */
  let pending = 0;
  let next = blocks[0] === undefined ? null : frameOf(data, blocks[0], 0);
  for (const [index, block] of blocks.entries()) {
    const frame = next ?? frameOf(data, block, index);
    const lineMs = (frame.length * BITS_PER_BYTE * 1000) / baudRate;
    const timeoutMs = lineMs + scaled(WRITE_MS_PER_MEGABYTE, isStub ? pending : block.imageBytes);
    const sent = sendBlock(loader, data, frame, timeoutMs);
    // The next block is encoded while this one is on the line.
    const following = blocks[index + 1];
    next = following === undefined ? null : frameOf(data, following, index + 1);
    await sent;
    pending = block.imageBytes;
    written += block.imageBytes;
    onWritten(written);
  }
  // The stub reports here whether it could write the last block. The ROM would leave its loader.
  if (isStub) await link.command(end, words(1), { timeoutMs: scaled(WRITE_MS_PER_MEGABYTE, pending) });
}

function frameOf(command: Command, { bytes }: CompressedBlock, sequence: number): Uint8Array {
  const body = new Uint8Array(16 + bytes.length);
  body.set(words(bytes.length, sequence, 0, 0));
  body.set(bytes, 16);
  return requestFrame(command, body, checksumOf(bytes));
}

/** Sends a block again when it came with an error; a block without a reply may have been taken, and is not sent again. */
async function sendBlock(
  { link, trace }: ReadyLoader,
  command: Command,
  frame: Uint8Array,
  timeoutMs: number,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await link.exchange(command, frame, { timeoutMs });
      return;
    } catch (error) {
      const status = error instanceof Fault ? error.details['status'] : undefined;
      const isLineError = typeof status === 'number' && LINE_ERRORS.includes(status);
      if (!isLineError || attempt === BLOCK_ATTEMPTS) throw error;
      trace(`${command} refused with ${hexOf(status)}: sent again`);
    }
  }
}

function scaled(msPerMegabyte: number, bytes: number): number {
  return Math.max(DEFAULT_TIMEOUT_MS, (msPerMegabyte * bytes) / MEGABYTE);
}
