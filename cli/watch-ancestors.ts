import { isProcessAlive } from '#node-kit/process/index.ts';

const LOOK_EVERY_MS = 500;
/** A command that has not ended by then is told again, which ends it at once. */
const AGAIN_AFTER_MS = 15_000;
const VARIABLE = 'GONGWEI_ANCESTORS';

/**
 * Ends this program in good order, as SIGTERM does, when one of those that started it is gone: npm forwards no signal
 * through its shell, and one that was killed forwards none at all. `scripts/setup/ancestors.mjs` says who they are.
 *
 * @param end told once, and once more if the program is still there much later
 */
export function watchAncestors(
  env: NodeJS.ProcessEnv = process.env,
  end: () => void = () => void process.kill(process.pid, 'SIGTERM'),
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
