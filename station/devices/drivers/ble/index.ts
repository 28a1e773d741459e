/** Bluetooth Low Energy through noble: one adapter for all slots. The only importer of `@stoprocent/noble`. */
export { createAbsentBle } from './absent-ble.ts';
export { parseAdapter, type AdapterChoice } from './adapter-choice.ts';
export { type BleCentralOptions, createBleCentral } from './ble-central.ts';
