import { done, doneWithoutData, failed, integerOf, isObject, WRONG_PARAMETERS } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';
import { faceResult } from './face.ts';

/** Times of the simulator: the document does not specify a limit for the entry of a number. */
const TYPING_MS = { typed: 2_000, longest: 20_000 } as const;
/** Valid values of each setting in document 004, with its spelling of the third. */
const SETTINGS: ReadonlyMap<string, readonly number[]> = new Map([
  ['exitApplet', [1]],
  ['hideNavigationBar', [1, 2]],
  ['hindeNotificationBar', [1, 2]],
]);

const deviceConfig: Action = async ({ context, signal, request }) => {
  await context.wait(40, signal);
  const config = request.params['deviceConfig'];
  const fits =
    isObject(config) &&
    Object.entries(config).every(([key, value]) => SETTINGS.get(key)?.includes(integerOf(value)) === true);
  return fits ? doneWithoutData() : WRONG_PARAMETERS;
};

const openSecondaryScreen: Action = async ({ context, signal, request, terminal }) => {
  const picture = request.params['secondaryScreenBase64'];
  if (typeof picture !== 'string' || picture === '') return WRONG_PARAMETERS;
  await context.wait(80, signal);
  terminal.secondaryScreen = true;
  return done();
};

const closeSecondaryScreen: Action = async ({ context, signal, terminal }) => {
  await context.wait(80, signal);
  terminal.secondaryScreen = false;
  return done();
};

const getSecondaryScreenState: Action = async ({ terminal }) =>
  done({ getSecondaryScreenState: Number(terminal.secondaryScreen) });

/** A keyboard on the screen: the person in front enters the number of the test card. */
const enterIDNumber: Action = async ({ context, signal, terminal }) => {
  await context.wait(terminal.personInFront ? TYPING_MS.typed : TYPING_MS.longest, signal);
  if (!terminal.personInFront) return failed('手输证件号超时');
  return done({ idNum: '000000200001010000', ...faceResult('', 'OK_SUCCESS', 'SUCCESS') });
};

export const SCREEN_ACTIONS: Actions = {
  deviceConfig,
  openSecondaryScreen,
  closeSecondaryScreen,
  getSecondaryScreenState,
  enterIDNumber,
};
