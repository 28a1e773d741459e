/** Relay boards of a fixture: relays that power units and inputs that read pins; one board serves all slots. */
export { createRelayBoards, type RelayBoard, type RelayBoardKind, type RelayBoards } from './relay-boards.ts';
