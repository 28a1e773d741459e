/** The fixture positions: which unit is on which slot, what may start, what waits for a person. */
export { admit } from './admission.ts';
export { createSlotBank, type SlotBank, type SlotConfig, type StartedRun } from './slot-bank.ts';
export { type Arrivals, watchArrivals } from './arrivals.ts';
export { createSlotPlaces, type SlotPlaces } from './slot-ports.ts';
export { type NextUnit, nextUnit } from './next-unit.ts';
export { createPromptDesk, type PromptDesk } from './prompts.ts';
export { stoppedAtPage } from './stop-reasons.ts';
export { createScanRouter, type ScanRouter, type ScanRouterParts } from './scan-router.ts';
export { slotHandlers } from './handlers.ts';
