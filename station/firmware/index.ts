/**
 * This module is for firmware packages: read whatever a maker packed, believe only what can be checked, keep it by its
 * hash, and bring it to the registry whole.
 */
export { createFirmware, type Actor, type Firmware, type FirmwareParts } from './firmware.ts';
export { parseFieldMap } from './field-map.ts';
export { firmwareHandlers } from './handlers.ts';
