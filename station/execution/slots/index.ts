/** Slots, the fixture positions: their units, their prompts, and what scans and arriving units start on them. */
export { requireStartAllowed } from './start-rules.ts';
export { type AcquiredSlot, type SlotConfig, Slots, type StartedRun } from './slots.ts';
export { stoppedBy } from './slot-faults.ts';
export { ArrivalWatcher } from './arrival-watcher.ts';
export { NearWatcher } from './near-watcher.ts';
export { readStartMode, readStoredSlots, SlotSettings } from './slot-settings.ts';
export { type NextUnit, nextUnit } from './next-unit.ts';
export { Prompts } from './prompts.ts';
export { ScanDispatcher, type ScanDispatcherOptions } from './scan-dispatcher.ts';
export { slotHandlers } from './handlers.ts';
export { passedRunView } from './slot-view.ts';
