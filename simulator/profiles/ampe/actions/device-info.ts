import { done } from '../envelope.ts';
import type { Action, Actions } from '../task.ts';

export const APP_VERSION = '2.9.8';
const FIRMWARE_NUMBER = 'HHA-T1-240801';

const getDeviceInfo: Action = async ({ context, signal }) => {
  await context.wait(context.random.integer(20, 60), signal);
  return done({
    sn: context.serialNumber,
    deviceModel: 'HHA-T1',
    appVersion: APP_VERSION,
    androidVersion: '7.1.2',
    deviceIP: '127.0.0.1',
    // Spelled so in the document; the firmware number of the device.
    devicedDisplay: FIRMWARE_NUMBER,
  });
};

export const DEVICE_INFO_ACTIONS: Actions = { getDeviceInfo };
