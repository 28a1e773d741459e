/** Writes and reads the flash of the ESP32 family over its boot loader. */
export { type EspOptions, withEspFlash } from './esp-session.ts';
export { createEspProtocol } from './flash-esp.ts';
