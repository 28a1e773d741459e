/** Boards of a fixture: relays that power units, inputs that read their pins; one port for all slots. */
export { type Board, type BoardKind, createBoards, type Boards } from './relay-boards.ts';
