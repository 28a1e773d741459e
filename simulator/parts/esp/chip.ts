/** Texts that the boot ROM of a chip prints. Source: logs of real chips. */
export interface BootTexts {
  readonly banner: readonly string[];
  readonly powerOn: string;
  readonly software: string;
  readonly brownOut: string;
  readonly application: string;
  readonly download: string;
}

/** What differs between the chips of the family. Source: esptool's targets, public forums for the texts. */
export interface EspChip {
  /** Name of the profile. */
  readonly name: 'esp32' | 'esp32s3' | 'esp32c3';
  readonly title: string;
  /** Id of the chip in images and in the reply to GET_SECURITY_INFO. */
  readonly imageChipId: number;
  /** Whether the ROM has the command GET_SECURITY_INFO. */
  readonly tellsSecurity: boolean;
  /** The word at 0x40001000, which tells chips apart. */
  readonly magic: number;
  /** Registers of the eFuse block that begins with the MAC: two words, low word first. */
  readonly macRegister: number;
  /** Further registers with a value other than 0. */
  readonly registers: Readonly<Record<number, number>>;
  readonly spi: SpiRegisters;
  /** Offset of the second-stage bootloader in the flash. */
  readonly bootloaderOffset: number;
  /** Longest block of a data packet that the ROM takes, in bytes. */
  readonly romBlockBytes: number;
  readonly boot: BootTexts;
}

/** Addresses of the SPI controller's registers. */
export interface SpiRegisters {
  readonly command: number;
  readonly user2: number;
  readonly word0: number;
}

export const MAGIC_REGISTER = 0x40001000;

/** The ESP32 has its own controller; later chips share one layout. */
function laterSpi(base: number): SpiRegisters {
  return { command: base, user2: base + 0x20, word0: base + 0x58 };
}

export const ESP_CHIPS: readonly EspChip[] = [
  {
    name: 'esp32',
    title: 'ESP32',
    imageChipId: 0,
    tellsSecurity: false,
    magic: 0x00f01d83,
    macRegister: 0x3ff5a004,
    // Revision 1, and the divider of UART0 for a 40 MHz crystal at 115200.
    registers: { 0x3ff5a00c: 1 << 15, 0x3ff40014: 347 },
    spi: { command: 0x3ff42000, user2: 0x3ff42024, word0: 0x3ff42080 },
    bootloaderOffset: 0x1000,
    romBlockBytes: 0x1000,
    boot: {
      banner: ['ets Jul 29 2019 12:21:46', ''],
      powerOn: 'rst:0x1 (POWERON_RESET)',
      software: 'rst:0xc (SW_CPU_RESET)',
      brownOut: 'rst:0xf (RTCWDT_BROWN_OUT_RESET)',
      application: 'boot:0x13 (SPI_FAST_FLASH_BOOT)',
      download: 'boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))',
    },
  },
  {
    name: 'esp32s3',
    title: 'ESP32-S3',
    imageChipId: 9,
    tellsSecurity: true,
    magic: 0x09,
    macRegister: 0x60007044,
    registers: {},
    spi: laterSpi(0x60002000),
    bootloaderOffset: 0,
    romBlockBytes: 0x400,
    boot: {
      banner: ['ESP-ROM:esp32s3-20210327', 'Build:Mar 27 2021'],
      powerOn: 'rst:0x1 (POWERON)',
      software: 'rst:0x3 (RTC_SW_SYS_RST)',
      brownOut: 'rst:0xf (BROWNOUT_RST)',
      application: 'boot:0x8 (SPI_FAST_FLASH_BOOT)',
      download: 'boot:0x0 (DOWNLOAD(USB/UART0))',
    },
  },
  {
    name: 'esp32c3',
    title: 'ESP32-C3',
    imageChipId: 5,
    tellsSecurity: true,
    magic: 0x1b31506f,
    macRegister: 0x60008844,
    // Fourth word of the block: revision 0.4 in bits 18 to 20.
    registers: { 0x60008850: 4 << 18 },
    spi: laterSpi(0x60002000),
    bootloaderOffset: 0,
    romBlockBytes: 0x400,
    boot: {
      banner: ['ESP-ROM:esp32c3-api1-20210207', 'Build:Feb  7 2021'],
      powerOn: 'rst:0x1 (POWERON)',
      software: 'rst:0x3 (RTC_SW_SYS_RST)',
      brownOut: 'rst:0xf (BROWNOUT_RST)',
      application: 'boot:0xd (SPI_FAST_FLASH_BOOT)',
      download: 'boot:0x5 (DOWNLOAD(USB/UART0/1))',
    },
  },
];
