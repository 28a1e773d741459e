import { Fault } from '#shared/domain/fault.ts';
import type { FlashChip } from '#shared/domain/flash.ts';
import { ESP_CHIPS, type EspChip, MAGIC_REGISTER } from './chips.ts';
import { hexOf } from './commands.ts';
import { readRegister } from './flash-id.ts';
import type { EspLink } from './link.ts';
import { type ChipLocks, ESP32_FUSES, hasOddBits, parseSecurityInfo } from './security.ts';

const SECURITY_BYTES = 20;
const SECURITY_BYTES_S2 = 12;

export interface IdentifiedChip {
  readonly chip: EspChip;
  readonly locks: ChipLocks;
}

/**
 * Which chip it is and what locks it: by GET_SECURITY_INFO, else by the register that tells the chips apart. Faults:
 * `bad-input` for a chip that is not the wanted one, `device-rejected` for an unknown one, those of `EspLink.command`.
 */
export async function identifyChip(link: EspLink, wanted: FlashChip): Promise<IdentifiedChip> {
  const info = await readSecurityInfo(link);
  const byId = info?.chipId ?? null;
  const chip = byId === null ? await chipByMagic(link, info?.locks ?? null) : chipById(byId);
  if (wanted !== 'auto' && wanted !== chip.name)
    throw new Fault('bad-input', `this unit has an ${chip.title}, the recipe is for ${wanted}`, {
      hint: 'Take the right unit, or correct the chip in the recipe.',
      details: { chip: chip.name, wanted },
    });
  return { chip, locks: info?.locks ?? (await readFuses(link)) };
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

function chipById(id: number): EspChip {
  const chip = ESP_CHIPS.find(({ chipId }) => chipId === id);
  if (chip === undefined) throw unknownChip(`number ${id}`);
  return chip;
}

/** In secure download mode registers cannot be read: of the chips without a number only the ESP32-S2 has that mode. */
async function chipByMagic(link: EspLink, locks: ChipLocks | null): Promise<EspChip> {
  if (locks?.secureDownload === true) return chipById(2);
  const magic = await readRegister(link, MAGIC_REGISTER);
  const chip = ESP_CHIPS.find((one) => one.magic.includes(magic));
  if (chip === undefined) throw unknownChip(`register ${hexOf(magic)}`);
  return chip;
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
