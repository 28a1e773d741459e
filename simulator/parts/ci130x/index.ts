/** The bootloader of the CI130x voice chips, as far as a line asks for it: handshake, information, reset. */
export { BOOT, Bootloader } from './bootloader.ts';
export { bootFrame } from './boot-frame.ts';
export { crc16 } from './crc16.ts';
