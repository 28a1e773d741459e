import { Fault } from '#shared/domain/fault.ts';
import type { EspChip } from './chips.ts';
import { words } from './commands.ts';
import type { EspLink } from './link.ts';

/** JEDEC command that reads the manufacturer, the type and the size. */
const READ_ID = 0x9f;
const ID_BITS = 24;
/** Bits of the register USR: a command, and data from the flash. */
const USE_COMMAND_AND_INPUT = (1 << 31) | (1 << 28);
/** The command has 8 bits. */
const COMMAND_LENGTH = 7 << 28;
const START = 1 << 18;
const MAX_POLLS = 10;
const ALL_BITS = 0xffff_ffff;
/** The third byte is a power of two; some manufacturers write it in other ranges. */
const SIZES: readonly { readonly from: number; readonly to: number; readonly minus: number }[] = [
  { from: 0x12, to: 0x1c, minus: 0 },
  { from: 0x20, to: 0x22, minus: 0x20 - 0x1a },
  { from: 0x32, to: 0x3a, minus: 0x20 },
];

export async function readRegister(link: EspLink, register: number): Promise<number> {
  const { value } = await link.command('READ_REG', words(register));
  return value;
}

/**
 * Size of the flash in bytes, by its JEDEC id; `null` for an id whose size is not known. Faults: `device-rejected` when no
 * flash answers; those of `EspLink.command`.
 */
export async function readFlashSize(link: EspLink, { spi, title }: EspChip): Promise<number | null> {
  const user = await readRegister(link, spi.user);
  const user2 = await readRegister(link, spi.user2);
  const write = (register: number, value: number): Promise<unknown> =>
    link.command('WRITE_REG', words(register, value, ALL_BITS, 0));
  await write(spi.misoLength, ID_BITS - 1);
  await write(spi.user, USE_COMMAND_AND_INPUT >>> 0);
  await write(spi.user2, COMMAND_LENGTH | READ_ID);
  await write(spi.word0, 0);
  await write(spi.command, START);
  for (let poll = 0; ((await readRegister(link, spi.command)) & START) !== 0; poll++)
    if (poll === MAX_POLLS) throw noFlash(title);
  const id = await readRegister(link, spi.word0);
  await write(spi.user, user);
  await write(spi.user2, user2);
  const manufacturer = id & 0xff;
  if (manufacturer === 0 || manufacturer === 0xff) throw noFlash(title);
  return sizeOf((id >>> 16) & 0xff);
}

function sizeOf(code: number): number | null {
  const range = SIZES.find(({ from, to }) => code >= from && code <= to);
  return range === undefined ? null : 2 ** (code - range.minus);
}

function noFlash(title: string): Fault {
  return new Fault('device-rejected', `the flash of this ${title} does not answer`, {
    hint: 'Check the soldering and the supply of the flash.',
    details: { said: 'no flash' },
  });
}

/**
 * MAC from the eFuses, upper-case hex. It names the unit, and replies have no checksum: it is read twice. Faults: `device-garbled` for
 * two values; those of `EspLink.command`.
 */
export async function readMac(link: EspLink, chip: EspChip): Promise<string> {
  const [first, second] = [await readMacOnce(link, chip), await readMacOnce(link, chip)];
  if (first === second) return first;
  throw new Fault(
    'device-garbled',
    `the chip on ${link.port.path} told two addresses: ${first} and ${second}`,
    {
      hint: 'Check the contacts; try a lower baud rate.',
      details: { command: 'READ_REG', port: link.port.path },
    },
  );
}

async function readMacOnce(link: EspLink, { macRegister }: EspChip): Promise<string> {
  const low = await readRegister(link, macRegister);
  const high = await readRegister(link, macRegister + 4);
  const bytes = new Uint8Array(6);
  bytes.set([(high >> 8) & 0xff, high & 0xff]);
  new DataView(bytes.buffer).setUint32(2, low);
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
