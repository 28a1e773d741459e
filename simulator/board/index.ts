/** The board that a fixture's power and pins are wired to: a peer of its own on a serial port of its own. */
export { BOARD_KINDS, openBoard } from './open-board.ts';
export type { BoardKind, FixtureBoard } from './open-board.ts';
export type { Wiring } from './wiring.ts';
