import type { FlashChip } from '#shared/domain/flash.ts';

/** Registers of the SPI controller of the flash. */
interface SpiRegisters {
  readonly command: number;
  readonly user: number;
  readonly user1: number;
  readonly user2: number;
  readonly mosiLength: number;
  readonly misoLength: number;
  readonly word0: number;
}

/** What differs between the chips of the family. Source: the targets of esptool. */
export interface EspChip {
  /** Name in a recipe. */
  readonly name: Exclude<FlashChip, 'auto' | 'su-03t' | 'ci130x' | 'bl602'>;
  /** Name of the vendor. */
  readonly title: string;
  /** Number in GET_SECURITY_INFO and in the header of an image. */
  readonly chipId: number;
  /** Values of the register at 0x40001000; for chips without a number in GET_SECURITY_INFO. */
  readonly magic: readonly number[];
  /** Register of the eFuses with the lower half of the MAC; the upper half is in the next one. */
  readonly macRegister: number;
  readonly spi: SpiRegisters;
  /** FLASH_BEGIN and FLASH_DEFL_BEGIN of the ROM have a fifth word: 1 for encrypted. */
  readonly romTakesEncrypted: boolean;
}

/** The register that tells the chips apart. */
export const MAGIC_REGISTER = 0x4000_1000;

const ESP32_SPI: SpiRegisters = {
  command: 0x3ff4_2000,
  user: 0x3ff4_201c,
  user1: 0x3ff4_2020,
  user2: 0x3ff4_2024,
  mosiLength: 0x3ff4_2028,
  misoLength: 0x3ff4_202c,
  word0: 0x3ff4_2080,
};

/** All chips after the ESP32 have one layout. */
function spiAt(base: number): SpiRegisters {
  return {
    command: base,
    user: base + 0x18,
    user1: base + 0x1c,
    user2: base + 0x20,
    mosiLength: base + 0x24,
    misoLength: base + 0x28,
    word0: base + 0x58,
  };
}

export const ESP_CHIPS: readonly EspChip[] = [
  {
    name: 'esp32',
    title: 'ESP32',
    chipId: 0,
    magic: [0x00f0_1d83],
    macRegister: 0x3ff5_a004,
    spi: ESP32_SPI,
    romTakesEncrypted: false,
  },
  {
    name: 'esp32s2',
    title: 'ESP32-S2',
    chipId: 2,
    magic: [0x0000_07c6],
    macRegister: 0x3f41_a044,
    spi: spiAt(0x3f40_2000),
    romTakesEncrypted: true,
  },
  {
    name: 'esp32s3',
    title: 'ESP32-S3',
    chipId: 9,
    magic: [0x0000_0009],
    macRegister: 0x6000_7044,
    spi: spiAt(0x6000_2000),
    romTakesEncrypted: true,
  },
  {
    name: 'esp32c2',
    title: 'ESP32-C2',
    chipId: 12,
    magic: [0x6f51_306f, 0x7c41_a06f, 0x0c21_e06f],
    macRegister: 0x6000_8840,
    spi: spiAt(0x6000_2000),
    romTakesEncrypted: true,
  },
  {
    name: 'esp32c3',
    title: 'ESP32-C3',
    chipId: 5,
    magic: [0x6921_506f, 0x1b31_506f, 0x4881_606f, 0x4361_606f],
    macRegister: 0x6000_8844,
    spi: spiAt(0x6000_2000),
    romTakesEncrypted: true,
  },
  {
    name: 'esp32c6',
    title: 'ESP32-C6',
    chipId: 13,
    magic: [0x2ce0_806f],
    macRegister: 0x600b_0844,
    spi: spiAt(0x6000_3000),
    romTakesEncrypted: true,
  },
  {
    name: 'esp32h2',
    title: 'ESP32-H2',
    chipId: 16,
    magic: [0xd7b7_3e80, 0x97e3_0068],
    macRegister: 0x600b_0844,
    spi: spiAt(0x6000_3000),
    romTakesEncrypted: true,
  },
];
