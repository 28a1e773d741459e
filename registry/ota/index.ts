/** Updates of firmware over the network: their states, what is sent to devices, and what devices report. */
export { readProgress } from './read-progress.ts';
export { createUpdates, type UpdatedDevice, type Updates } from './updates.ts';
export type { OtaProgress } from './update-state.ts';
