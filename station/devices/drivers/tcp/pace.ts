import type { Socket } from 'node:net';

/** 25 MB a second: more than any unit has to say, and little enough that the other slots have their turns. */
const TURN_MS = 10;
const BYTES_PER_TURN = 256 * 1024;

/** Takes bytes from a socket no faster than they can be looked at; its sender waits, and nothing is lost. */
export interface Pace extends Disposable {
  /** So many bytes came. */
  note(bytes: number): void;
  /** Nothing is to be taken until `goOn`. */
  hold(): void;
  goOn(): void;
}

export function createPace(socket: Socket): Pace {
  let inTurn = 0;
  let isHeld = false;
  let turn: ReturnType<typeof setTimeout> | null = null;
  const endTurn = (): void => {
    turn = null;
    inTurn = 0;
    if (!isHeld) socket.resume();
  };
  return {
    note(bytes) {
      inTurn += bytes;
      turn ??= setTimeout(endTurn, TURN_MS);
      if (inTurn > BYTES_PER_TURN) socket.pause();
    },
    hold() {
      isHeld = true;
      socket.pause();
    },
    goOn() {
      if (!isHeld) return;
      isHeld = false;
      if (inTurn <= BYTES_PER_TURN) socket.resume();
    },
    [Symbol.dispose]() {
      if (turn !== null) clearTimeout(turn);
    },
  };
}
