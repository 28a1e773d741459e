/**
 * How units are started besides by hand: `scan` by their serial numbers or a command code, `arrival` also by themselves
 * when they are laid on.
 */
export const START_MODES = ['scan', 'arrival'] as const;
export type StartMode = (typeof START_MODES)[number];
