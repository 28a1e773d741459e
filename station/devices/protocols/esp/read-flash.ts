import { createHash } from 'node:crypto';
import { Fault } from '#shared/domain/fault.ts';
import { hexOf, words } from './commands.ts';
import type { ReadyLoader } from './loader-state.ts';
import { slipFrame } from './slip.ts';

const PACKET_BYTES = 4096;
/** The stub sends one packet, and waits for its acknowledgement. */
const PACKETS_IN_FLIGHT = 1;
const PACKET_TIMEOUT_MS = 3000;
const MD5_BYTES = 16;
const ROM_PACKET_BYTES = 64;
const MD5_MS_PER_MEGABYTE = 8000;
const MIN_TIMEOUT_MS = 3000;

/** Reads a region. The ROM reads 64 bytes with each command, the stub a stream that ends with its MD5. Faults: `device-garbled` when that does not fit. */
export async function readFlash(
  loader: ReadyLoader,
  offset: number,
  length: number,
  onRead: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> {
  const read = new Uint8Array(length);
  if (!loader.isStub) {
    for (let at = 0; at < length; at += ROM_PACKET_BYTES) {
      const dataBytes = Math.min(ROM_PACKET_BYTES, length - at);
      const { data } = await loader.link.command('READ_FLASH_SLOW', words(offset + at, dataBytes), {
        dataBytes,
      });
      read.set(data, at);
      onRead(at + dataBytes);
    }
    return read;
  }
  const { link } = loader;
  await link.command('READ_FLASH', words(offset, length, PACKET_BYTES, PACKETS_IN_FLIGHT));
  for (let at = 0; at < length;) {
    const packet = await link.receive(PACKET_TIMEOUT_MS, 'READ_FLASH');
    if (packet.length > length - at) throw garbled(offset);
    read.set(packet, at);
    at += packet.length;
    await link.write(slipFrame(words(at)));
    onRead(at);
  }
  const digest = await link.receive(PACKET_TIMEOUT_MS, 'READ_FLASH');
  const own = createHash('md5').update(read).digest();
  if (digest.length !== MD5_BYTES || !own.equals(digest)) throw garbled(offset);
  return read;
}

/** MD5 that the chip computes over a region, lower-case hex: the ROM sends it as text. */
export async function md5OfFlash(
  { link, isStub }: ReadyLoader,
  offset: number,
  length: number,
): Promise<string> {
  const dataBytes = isStub ? MD5_BYTES : 2 * MD5_BYTES;
  const timeoutMs = Math.max(MIN_TIMEOUT_MS, (MD5_MS_PER_MEGABYTE * length) / 1_000_000);
  const { data } = await link.command('SPI_FLASH_MD5', words(offset, length, 0, 0), { dataBytes, timeoutMs });
  const text = Buffer.from(data).toString(isStub ? 'hex' : 'latin1');
  return text.toLowerCase();
}

/** What was read is not what the flash holds. */
export function garbled(offset: number): Fault {
  return new Fault('device-garbled', `the flash at ${hexOf(offset)} could not be read without errors`, {
    hint: 'Check the contacts; try a lower baud rate.',
  });
}
