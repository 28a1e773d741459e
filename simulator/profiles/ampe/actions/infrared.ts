import { done, failed } from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions } from '../task.ts';

const SENSING = 'infrared';
/** Document 004: milliseconds between two looks. */
const INTERVAL_MS = { min: 2_000, max: 5_000, usual: 3_000 } as const;

const startInfraredInductionListener: Action = async (task) => {
  const interval = Number(task.request.params['interval'] ?? INTERVAL_MS.usual);
  if (!(interval >= INTERVAL_MS.min && interval <= INTERVAL_MS.max)) return failed('参数有误');
  const sensing = task.terminal.begin(SENSING, task.signal);
  const tell = (): void =>
    task.tell('initInfraredInductionListener', { inductionCode: Number(task.terminal.personInFront) });
  task.track(repeatedly(task, interval, sensing, tell));
  return done();
};

const stopInfraredInductionListener: Action = async ({ terminal }) =>
  terminal.end(SENSING) ? done() : failed('红外感应未打开');

export const INFRARED_ACTIONS: Actions = { startInfraredInductionListener, stopInfraredInductionListener };
