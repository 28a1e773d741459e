/** Commands of the boot ROM and of the stub, by their name in the documentation of esptool. */
export const COMMANDS = {
  FLASH_BEGIN: 0x02,
  FLASH_DATA: 0x03,
  FLASH_END: 0x04,
  MEM_BEGIN: 0x05,
  MEM_END: 0x06,
  MEM_DATA: 0x07,
  SYNC: 0x08,
  WRITE_REG: 0x09,
  READ_REG: 0x0a,
  SPI_SET_PARAMS: 0x0b,
  SPI_ATTACH: 0x0d,
  /** Of the ROM only: at most 64 bytes. */
  READ_FLASH_SLOW: 0x0e,
  CHANGE_BAUDRATE: 0x0f,
  FLASH_DEFL_BEGIN: 0x10,
  FLASH_DEFL_DATA: 0x11,
  FLASH_DEFL_END: 0x12,
  SPI_FLASH_MD5: 0x13,
  GET_SECURITY_INFO: 0x14,
  /** Of the stub only. */
  ERASE_REGION: 0xd1,
  /** Of the stub only. */
  READ_FLASH: 0xd2,
} as const;
export type Command = keyof typeof COMMANDS;

/** Words for the error of a status: of the ROM below C0, of the stub from C0 on. */
export const STATUS_WORDS: Readonly<Record<number, string>> = {
  0x05: 'the message was invalid',
  0x06: 'it could not act on the message',
  0x07: 'the checksum of the message was wrong',
  0x08: 'the flash could not be written',
  0x09: 'the flash could not be read',
  0x0a: 'the length to be read is too long',
  0x0b: 'the compressed data was wrong',
  0xc0: 'the length of the message was wrong',
  0xc1: 'the checksum of the message was wrong',
  0xc2: 'the size of a block was wrong',
  0xc3: 'it does not know the command',
  0xc4: 'an operation of the flash failed',
  0xc5: 'the flash is protected against writing',
  0xc6: 'no transfer had begun',
  0xc7: 'the compressed data was wrong',
  0xc8: 'too little data came',
  0xc9: 'too much data came',
  0xff: 'it does not know the command',
};

/** Errors that a disturbed line causes: the same block is sent again. */
export const LINE_ERRORS: readonly number[] = [0x05, 0x07, 0xc0, 0xc1];

/** Little-endian words of 32 bits. */
export function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setUint32(index * 4, value, true);
  return bytes;
}

export function wordAt(bytes: Uint8Array, offset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}

/** Checksum of the data of a block: all bytes, and EF, by exclusive or. */
export function checksumOf(data: Uint8Array): number {
  let sum = 0xef;
  for (let i = 0; i < data.length; i++) sum ^= data[i] ?? 0;
  return sum;
}

export function hexOf(value: number): string {
  return `0x${value.toString(16)}`;
}
