/** The board to which power and pins of the fixtures are wired. It has a serial port of its own. */
export { BOARD_KINDS, openBoard } from './open-board.ts';
export type { BoardKind, FixtureBoard } from './open-board.ts';
export type { Wiring } from './wiring.ts';
