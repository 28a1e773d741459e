/** Sends firmware to units whose boot loader receives it by XMODEM-1K with CRC, such as the SU-03T. */
export { createXmodemProtocol } from './xmodem-protocol.ts';
