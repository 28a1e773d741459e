import { isProcessAlive, raiseSignal } from '#node-kit/process/index.ts';

const LOOK_EVERY_MS = 500;
/** A command that has not ended by then gets a second signal, which ends it at once. */
const AGAIN_AFTER_MS = 15_000;
const VARIABLE = 'GONGWEI_ANCESTORS';

/**
 * Ends this program in an orderly way, as SIGTERM does, when one of its ancestor processes has exited: npm forwards no signal
 * through its shell, and a killed process forwards none. `scripts/setup/ancestors.mjs` sets their process ids.
 *
 * @param end called once, and again if the program still runs much later
 */
export function watchAncestors(
  env: NodeJS.ProcessEnv = process.env,
  end: () => void = () => raiseSignal('SIGTERM'),
  lookEveryMs = LOOK_EVERY_MS,
): Disposable {
  const pids = (env[VARIABLE] ?? '')
    .split(',')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid > 1);
  let again: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    if (pids.every(isProcessAlive)) return;
    clearInterval(timer);
    again = setTimeout(end, AGAIN_AFTER_MS);
    again.unref();
    end();
  }, lookEveryMs);
  // The timer does not keep a finished process alive.
  timer.unref();
  if (pids.length === 0) clearInterval(timer);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      clearTimeout(again);
    },
  };
}
