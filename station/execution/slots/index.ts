/** The fixture positions: which unit is on which slot, what may start, what waits for a person. */
export { requireStartAllowed } from './admission.ts';
export { createSlots, type Slots, type SlotConfig, type StartedRun } from './slot-bank.ts';
export { type ArrivalWatcher, watchArrivals } from './arrivals.ts';
export { createSlotPorts, type SlotPorts } from './slot-ports.ts';
export { type NextUnit, nextUnit } from './next-unit.ts';
export { createPrompts, type Prompts } from './prompts.ts';
export { stoppedBy } from './stop-reasons.ts';
export { createScanDispatcher, type ScanDispatcher, type ScanDispatcherOptions } from './scan-router.ts';
export { slotHandlers } from './handlers.ts';
