import { done, integerOf, WRONG_PARAMETERS } from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions } from '../task.ts';

const SENSING = 'infrared';
/** Document 004: milliseconds between two deliveries. */
const INTERVAL_MS = { min: 2_000, max: 5_000, usual: 3_000 } as const;

const startInfraredInductionListener: Action = async (task) => {
  const interval = integerOf(task.request.params['intervalTime'] ?? INTERVAL_MS.usual);
  if (!(interval >= INTERVAL_MS.min && interval <= INTERVAL_MS.max)) return WRONG_PARAMETERS;
  const sensing = task.terminal.start(SENSING, task.signal);
  const deliver = (): void =>
    task.deliver('initInfraredInductionListener', { inductionCode: task.terminal.personInFront ? '1' : '0' });
  task.track(repeatedly(task, interval, sensing, deliver));
  return done();
};

const stopInfraredInductionListener: Action = async ({ terminal }) => {
  terminal.end(SENSING);
  return done();
};

export const INFRARED_ACTIONS: Actions = { startInfraredInductionListener, stopInfraredInductionListener };
