import { done, failed } from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions } from '../task.ts';

const LISTENING = 'microphone';
const EVERY_MS = 500;
/** Of the fixture's test tone. */
const USUAL_DB = 62;

const start: Action = async (task) => {
  const listening = task.terminal.begin(LISTENING, task.signal);
  const { measured, random } = task.context;
  const tell = (): void =>
    task.tell('initMicrophoneListener', {
      volume: Math.max(0, Math.round(measured('microphone', USUAL_DB) + random.integer(-2, 2))),
    });
  task.track(repeatedly(task, EVERY_MS, listening, tell));
  return done();
};

const stop: Action = async ({ terminal }) => (terminal.end(LISTENING) ? done() : failed('麦克风未打开'));

const getMicrophoneState: Action = async ({ terminal }) =>
  done({ state: Number(terminal.goesOn(LISTENING)) });

/** The second three are out of date since 2.9.0, and still there. */
export const MICROPHONE_ACTIONS: Actions = {
  startMicrophoneListener: start,
  stopMicrophoneListener: stop,
  startMicrophone: start,
  stopMicrophone: stop,
  getMicrophoneState,
};
