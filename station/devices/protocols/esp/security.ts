import { Fault } from '#shared/domain/fault.ts';
import { wordAt } from './commands.ts';

/** Flags of GET_SECURITY_INFO. */
const SECURE_BOOT = 1 << 0;
const SECURE_DOWNLOAD = 1 << 2;
const CRYPT_COUNT_OFFSET = 4;
const CHIP_ID_OFFSET = 12;

/** eFuses of the ESP32, which does not know GET_SECURITY_INFO: registers and masks. */
export const ESP32_FUSES = {
  encryption: { register: 0x3ff5_a000, mask: 0x7f << 20 },
  secureBoot: { register: 0x3ff5_a018, mask: 0b11 << 4 },
} as const;

/** What locks a chip. */
export interface ChipLocks {
  readonly secureBoot: boolean;
  readonly encrypted: boolean;
  readonly secureDownload: boolean;
}

/** Reads the reply to GET_SECURITY_INFO: 20 bytes, or the 12 bytes of the ESP32-S2, which have no chip id. */
export function parseSecurityInfo(info: Uint8Array): {
  readonly locks: ChipLocks;
  readonly chipId: number | null;
} {
  const flags = wordAt(info, 0);
  return {
    locks: {
      secureBoot: (flags & SECURE_BOOT) !== 0,
      encrypted: hasOddBits(info[CRYPT_COUNT_OFFSET] ?? 0),
      secureDownload: (flags & SECURE_DOWNLOAD) !== 0,
    },
    chipId: info.length >= CHIP_ID_OFFSET + 4 ? wordAt(info, CHIP_ID_OFFSET) : null,
  };
}

/** Each change of the encryption burns one more bit: an odd number of bits means that it is on. */
export function hasOddBits(value: number): boolean {
  let odd = false;
  for (let rest = value >>> 0; rest !== 0; rest >>>= 1) if ((rest & 1) === 1) odd = !odd;
  return odd;
}

/** Refuses a locked chip before anything is written. Faults: `device-locked`. */
export function requireUnlocked(title: string, { secureBoot, encrypted, secureDownload }: ChipLocks): void {
  const locks = [
    ...(secureBoot ? ['secure boot'] : []),
    ...(encrypted ? ['flash encryption'] : []),
    ...(secureDownload ? ['secure download mode'] : []),
  ].join(', ');
  if (locks === '') return;
  throw new Fault('device-locked', `this ${title} is locked: ${locks}; nothing was written`, {
    hint: 'The lock is permanent. Sort the unit out; a unit from the factory is not locked.',
    details: { chip: title, locks },
  });
}
