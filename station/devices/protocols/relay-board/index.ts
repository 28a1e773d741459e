/** RelayBoards of a fixture: relays that power units, inputs that read their pins; one port for all slots. */
export { type RelayBoard, type RelayBoardKind, createRelayBoards, type RelayBoards } from './relay-boards.ts';
