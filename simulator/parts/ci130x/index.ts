/** The bootloader of the CI130x voice chips, limited to handshake, information and reset. */
export { BOOT, Bootloader } from './bootloader.ts';
export { bootFrame } from './boot-frame.ts';
export { crc16 } from './crc16.ts';
