/** So many messages of one wire are taken in one turn; then the other wires, and the slots, have theirs. */
const MESSAGES_PER_TURN = 16;
/** So many may wait. Our own pages send tens at once; who sends more than this is not one of them. */
const MOST_WAITING = 1024;

/** The messages of one wire on their way to whoever answers them: in order, a few at a time, never without bound. */
export interface RequestQueue<M> {
  /** False when too many are waiting already: whoever sends so much is to be cut off. */
  take(message: M): boolean;
  /** As `take`, for a message that cannot wait: it is counted, and answered by the caller at once. */
  pass(): boolean;
  /** Takes a message out that has not had its turn; `null` when there is none. */
  withdraw(isMeant: (message: M) => boolean): M | null;
  /** Something was answered, so that one that waited for that may have its turn. */
  goOn(): void;
  /** Forgets what waits. */
  close(): void;
}

/**
 * @param answer has its turn with a message.
 * @param isFree false while so much is under way that the next message had better wait.
 */
export function createRequestQueue<M>(answer: (message: M) => void, isFree: () => boolean): RequestQueue<M> {
  const waiting: M[] = [];
  let leftInTurn = MESSAGES_PER_TURN;
  let passed = 0;
  let turnEnds = false;

  function work(): void {
    while (leftInTurn > 0 && isFree()) {
      const message = waiting.shift();
      if (message === undefined) return;
      leftInTurn -= 1;
      endTurn();
      answer(message);
    }
  }

  /** A turn ends when everything else that is due has been done. */
  function endTurn(): void {
    if (turnEnds) return;
    turnEnds = true;
    setTimeout(() => {
      turnEnds = false;
      leftInTurn = MESSAGES_PER_TURN;
      passed = 0;
      work();
    }, 0);
  }

  return {
    take(message) {
      if (waiting.length >= MOST_WAITING) return false;
      waiting.push(message);
      work();
      return true;
    },
    pass() {
      passed += 1;
      endTurn();
      return passed <= MOST_WAITING;
    },
    withdraw(isMeant) {
      const at = waiting.findIndex(isMeant);
      return at === -1 ? null : (waiting.splice(at, 1)[0] ?? null);
    },
    goOn: work,
    close: () => void waiting.splice(0),
  };
}
