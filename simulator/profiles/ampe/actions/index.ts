import type { Action, Actions } from '../task.ts';
import { CARD_ACTIONS } from './cpu-card.ts';
import { DEVICE_INFO_ACTIONS } from './device-info.ts';
import { FACE_ACTIONS } from './face.ts';
import { ID_CARD_ACTIONS } from './id-card.ts';
import { IDLE_CALLS } from './idle-watcher.ts';
import { INFRARED_ACTIONS } from './infrared.ts';
import { MICROPHONE_ACTIONS } from './microphone.ts';
import { OUTPUT_ACTIONS } from './output.ts';
import { QR_CODE_ACTIONS } from './qr-code.ts';
import { SCREEN_ACTIONS } from './screen.ts';
import { SOCIAL_SECURITY_ACTIONS } from './social-security.ts';

/** The 32 actions of `ampeHHCommunication` in document 004. */
export const ACTIONS: Actions = {
  ...DEVICE_INFO_ACTIONS,
  ...QR_CODE_ACTIONS,
  ...ID_CARD_ACTIONS,
  ...CARD_ACTIONS,
  ...SOCIAL_SECURITY_ACTIONS,
  ...OUTPUT_ACTIONS,
  ...SCREEN_ACTIONS,
  ...MICROPHONE_ACTIONS,
  ...INFRARED_ACTIONS,
  ...FACE_ACTIONS,
};

export function actionNamed(name: string): Action | undefined {
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
}

/** Calls of the document besides actions. */
export function callNamed(name: string): Action | undefined {
  return Object.hasOwn(IDLE_CALLS, name) ? IDLE_CALLS[name] : undefined;
}
