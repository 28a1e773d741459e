/** The Tencent IoT AT module over serial: identity by `AT+TCDEVINFOSET`, read back with a one-byte checksum. */
export { openAtModule } from './at-module.ts';
/** The firmware that a module has stored for its host, read and compared without its content in the recording. */
export { readStoredFirmware } from './read-stored-firmware.ts';
