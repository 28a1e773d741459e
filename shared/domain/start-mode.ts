/**
 * How runs are started: `scan`: by a scanned serial number or command code; `arrival`: also when a unit arrives on a slot.
 */
export const START_MODES = ['scan', 'arrival'] as const;
export type StartMode = (typeof START_MODES)[number];
