/** Chips of the ESP32 family: the ROM's loader, a stub loader, the flash, and the application in it. */
export { EspDevice } from './esp-device.ts';
export { ESP_CHIPS } from './chip.ts';
