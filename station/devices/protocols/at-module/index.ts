/** The Tencent IoT AT module over serial: identity by `AT+TCDEVINFOSET`, read back with a one-byte checksum. */
export { openAtModule } from './at-module.ts';
