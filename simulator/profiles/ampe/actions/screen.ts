import { done, failed } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

const TYPING_MS = 20_000;
/** Document 004: values that each setting takes; the third is spelled so there. */
const SETTINGS: ReadonlyMap<string, readonly number[]> = new Map([
  ['exitApplet', [1]],
  ['hideNavigationBar', [1, 2]],
  ['hindeNotificationBar', [1, 2]],
]);

const deviceConfig: Action = async ({ context, signal, request }) => {
  await context.wait(40, signal);
  const wanted = Object.entries(request.params);
  const fits = wanted.every(([key, value]) => SETTINGS.get(key)?.includes(Number(value)) === true);
  return wanted.length > 0 && fits ? done() : failed('参数有误');
};

function setSecondaryScreen(on: boolean): Action {
  return async ({ context, signal, terminal }) => {
    await context.wait(80, signal);
    terminal.secondaryScreen = on;
    return done();
  };
}

const getSecondaryScreenState: Action = async ({ terminal }) =>
  done({ state: Number(terminal.secondaryScreen) });

/** A keyboard on the screen. Nobody stands at it on a fixture. */
const enterIDNumber: Action = async ({ context, signal }) => {
  await context.wait(TYPING_MS, signal);
  return failed('超时退出');
};

export const SCREEN_ACTIONS: Actions = {
  deviceConfig,
  openSecondaryScreen: setSecondaryScreen(true),
  closeSecondaryScreen: setSecondaryScreen(false),
  getSecondaryScreenState,
  enterIDNumber,
};
