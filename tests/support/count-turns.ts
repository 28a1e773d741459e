/**
 * Does `work` and counts the turns of the event loop meanwhile: how often other work of this process could go on. Work that
 * reads without a pause leaves only the few turns of its own waits.
 */
export async function countTurns<T>(
  work: () => Promise<T>,
): Promise<{ readonly turns: number; readonly result: T }> {
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  try {
    const result = await work();
    return { turns, result };
  } finally {
    isDone = true;
  }
}
