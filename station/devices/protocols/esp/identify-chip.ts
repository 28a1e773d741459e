import { Fault } from '#shared/domain/fault.ts';
import type { FlashChip } from '#shared/domain/flash.ts';
import { ESP_CHIPS, type EspChip, MAGIC_REGISTER } from './chips.ts';
import { hexOf } from './commands.ts';
import { readRegister } from './flash-id.ts';
import type { EspLink } from './link.ts';
import { type ChipLocks, ESP32_FUSES, hasOddBits, parseSecurityInfo } from './security.ts';

/** Number of the ESP32-S2. */
const ESP32_S2 = 2;
const SECURITY_BYTES = 20;
const SECURITY_BYTES_S2 = 12;

export interface IdentifiedChip {
  readonly chip: EspChip;
  readonly locks: ChipLocks;
}

/**
 * Which chip it is and what locks it: by GET_SECURITY_INFO, else by the register that tells the chips apart. Both are read twice,
 * because replies have no checksum, and a good unit would be sorted out as locked. Faults: `bad-input` for a chip that is not the wanted
 * one, `device-rejected` for an unknown one, `device-garbled` for two answers, those of `EspLink.command`.
 */
export async function identifyChip(link: EspLink, wanted: FlashChip): Promise<IdentifiedChip> {
  const found = await readChip(link);
  const again = await readChip(link);
  if (JSON.stringify(found) !== JSON.stringify(again))
    throw new Fault('device-garbled', `the chip on ${link.port.path} told two things of itself`, {
      hint: 'Check the contacts; try a lower baud rate.',
      details: { command: 'GET_SECURITY_INFO', port: link.port.path },
    });
  const { chipId, magic, locks } = found;
  const chip =
    chipId === null
      ? ESP_CHIPS.find((one) => one.magic.includes(magic))
      : ESP_CHIPS.find((one) => one.chipId === chipId);
  if (chip === undefined)
    throw unknownChip(chipId === null ? `register ${hexOf(magic)}` : `number ${chipId}`);
  if (wanted !== 'auto' && wanted !== chip.name)
    throw new Fault('bad-input', `this unit has an ${chip.title}, the recipe is for ${wanted}`, {
      hint: 'Take the right unit, or correct the chip in the recipe.',
      details: { chip: chip.name, wanted },
    });
  return { chip, locks };
}

/** What a chip tells of itself. */
interface ToldChip {
  /** `null`: the chip does not tell it. */
  readonly chipId: number | null;
  /** The register that tells the chips without a number apart; 0 where it is not needed. */
  readonly magic: number;
  readonly locks: ChipLocks;
}

/** In secure download mode registers cannot be read: of the chips without a number only the ESP32-S2 has that mode. */
async function readChip(link: EspLink): Promise<ToldChip> {
  const info = await readSecurityInfo(link);
  const chipId = info?.locks.secureDownload === true ? (info.chipId ?? ESP32_S2) : (info?.chipId ?? null);
  const magic = chipId === null ? await readRegister(link, MAGIC_REGISTER) : 0;
  return { chipId, magic, locks: info?.locks ?? (await readFuses(link)) };
}

async function readSecurityInfo(link: EspLink): Promise<ReturnType<typeof parseSecurityInfo> | null> {
  for (const dataBytes of [SECURITY_BYTES, SECURITY_BYTES_S2]) {
    try {
      const { data } = await link.command('GET_SECURITY_INFO', new Uint8Array(), { dataBytes });
      return parseSecurityInfo(data);
    } catch (error) {
      // The ESP32 refuses the command; the reply of the ESP32-S2 is shorter.
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'device-rejected') return null;
      if (error.code !== 'device-garbled') throw error;
    }
  }
  return null;
}

async function readFuses(link: EspLink): Promise<ChipLocks> {
  const { encryption, secureBoot } = ESP32_FUSES;
  const encrypted = hasOddBits((await readRegister(link, encryption.register)) & encryption.mask);
  const isSecure = ((await readRegister(link, secureBoot.register)) & secureBoot.mask) !== 0;
  return { encrypted, secureBoot: isSecure, secureDownload: false };
}

function unknownChip(what: string): Fault {
  return new Fault('device-rejected', `this is no chip that Gongwei knows (${what})`, {
    hint: 'Use the tool of the vendor for this chip.',
    details: { said: what },
  });
}
