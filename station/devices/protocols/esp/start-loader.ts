import type { FlashChip } from '#shared/domain/flash.ts';
import { FLASH_MAX_BYTES } from '#shared/domain/flash.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { EspChip } from './chips.ts';
import { checksumOf, words } from './commands.ts';
import { type Connected, connectLoader, sync } from './connect.ts';
import { readFlashSize, readMac } from './flash-id.ts';
import { identifyChip } from './identify-chip.ts';
import type { EspLink } from './link.ts';
import type { ReadyLoader } from './loader-state.ts';
import { requireUnlocked } from './security.ts';
import { loadStub } from './stubs.ts';

const RAM_BLOCK_BYTES = 0x1800;
const BLOCK_64K = 0x1_0000;
const SECTOR_BYTES = 0x1000;
const PAGE_BYTES = 0x100;
const STATUS_MASK = 0xffff;
/** The loader changes its speed after its reply, and the bytes of the old speed are gone after this time. */
const BAUD_CHANGE_MS = 20;
const BAUD_SYNCS = 5;
const STUB_START_TIMEOUT_MS = 3000;

export interface StartOptions {
  readonly chip: FlashChip;
  readonly baudRate: number;
  /** Speeds at which a stub of an earlier attempt may be running. */
  readonly earlierBaudRates?: readonly number[];
  /** False: the ROM writes the flash; for tests and for chips whose RAM cannot take a program. */
  readonly useStub: boolean;
  readonly trace: (line: string) => void;
}

export interface StartedLoader extends ReadyLoader {
  /** MAC in upper-case hex. */
  readonly chipId: string;
  readonly hasLines: boolean;
}

/**
 * Connects, recognises the chip, refuses it when it is locked or another one than wanted, uploads the stub, raises the
 * speed and attaches the flash. Faults: those of `connectLoader` and `identifyChip`, `device-locked`, `device-rejected`.
 */
export async function startLoader(link: EspLink, options: StartOptions): Promise<StartedLoader> {
  const { trace, useStub } = options;
  const otherBaudRates = [...(options.earlierBaudRates ?? []), options.baudRate, 921_600, 460_800];
  const connected = await connectLoader(link, { otherBaudRates, trace });
  const { chip, locks } = await identifyChip(link, options.chip);
  requireUnlocked(chip.title, locks);
  const chipId = await readMac(link, chip);
  trace(`${chip.title}, MAC ${chipId}, not locked`);
  if (useStub && !connected.isStub) await uploadStub(link, chip);
  const isStub = useStub || connected.isStub;
  if (isStub) trace('stub runs');
  const baudRate = await changeBaudRate(link, options, connected, isStub);
  const flashBytes = await attachFlash(link, chip, isStub);
  trace(`flash of ${flashBytes} bytes, ${baudRate} baud`);
  return { link, chip, isStub, flashBytes, baudRate, trace, chipId, hasLines: connected.hasLines };
}

async function uploadStub(link: EspLink, chip: EspChip): Promise<void> {
  const { entry, parts } = await loadStub(chip.name);
  for (const { address, bytes } of parts) {
    const blocks = Math.ceil(bytes.length / RAM_BLOCK_BYTES);
    await link.command('MEM_BEGIN', words(bytes.length, blocks, RAM_BLOCK_BYTES, address));
    for (let sequence = 0; sequence < blocks; sequence++) {
      const block = bytes.subarray(sequence * RAM_BLOCK_BYTES, (sequence + 1) * RAM_BLOCK_BYTES);
      const body = Buffer.concat([words(block.length, sequence, 0, 0), block]);
      await link.command('MEM_DATA', body, { checksum: checksumOf(block) });
    }
  }
  await link.command('MEM_END', words(0, entry));
  const greeting = await link.receive(STUB_START_TIMEOUT_MS, 'the start of the stub');
  if (Buffer.from(greeting).toString('latin1') === 'OHAI') return;
  throw new Fault('device-garbled', `the stub did not start on this ${chip.title}`, {
    hint: 'Check the contacts and the supply of the unit, then test again.',
    details: { chip: chip.title },
  });
}

/** Returns the speed of the line afterwards. A port without a speed keeps the one that it has at its other end. */
async function changeBaudRate(
  link: EspLink,
  { baudRate, trace }: StartOptions,
  connected: Connected,
  isStub: boolean,
): Promise<number> {
  const { port } = link;
  if (port.setBaudRate === undefined) {
    trace('the port has no speed of its own: it is not changed');
    return connected.baudRate;
  }
  if (baudRate === connected.baudRate) return baudRate;
  await setLoaderBaudRate(link, { isStub, baudRate: connected.baudRate }, baudRate);
  return baudRate;
}

/** Changes the speed of a running loader and of the port. Faults: `device-silent`, `device-rejected`, `port-lost`. */
export async function setLoaderBaudRate(
  link: EspLink,
  loader: Pick<ReadyLoader, 'isStub' | 'baudRate'>,
  baudRate: number,
): Promise<void> {
  const { port } = link;
  // The ROM is told 0 for the old speed.
  await link.command('CHANGE_BAUDRATE', words(baudRate, loader.isStub ? loader.baudRate : 0));
  await port.setBaudRate?.(baudRate);
  await link.sleep(BAUD_CHANGE_MS);
  link.flush();
  for (let n = 0; n < BAUD_SYNCS; n++) if ((await sync(link, n)) !== null) return;
  throw new Fault('device-silent', `the loader does not answer at ${baudRate} baud on ${port.path}`, {
    hint: 'The adapter or the wires may not be able to do this speed: set a lower one.',
    details: { port: port.path, baudRate },
  });
}

/** Returns the size of the flash. */
async function attachFlash(link: EspLink, chip: EspChip, isStub: boolean): Promise<number> {
  await link.command('SPI_ATTACH', isStub ? words(0) : words(0, 0));
  const flashBytes = (await readFlashSize(link, chip)) ?? FLASH_MAX_BYTES;
  const parameters = words(0, flashBytes, BLOCK_64K, SECTOR_BYTES, PAGE_BYTES, STATUS_MASK);
  await link.command('SPI_SET_PARAMS', parameters);
  return flashBytes;
}
