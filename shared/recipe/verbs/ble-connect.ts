import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import { defineVerb, timeToConnect } from './verb.ts';

export const bleConnect = defineVerb({
  verb: 'ble-connect',
  step: z.strictObject({
    verb: z.literal('ble-connect'),
    ...stepCommon,
    /** Bytes. */
    mtu: recipeLimits.optional(),
    /** dBm. */
    rssi: recipeLimits.optional(),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  limits: ({ mtu, rssi }) => [
    { path: ['mtu'], type: 'number', limits: mtu },
    { path: ['rssi'], type: 'number', limits: rssi },
  ],
  doc: {
    about:
      'Makes a new connection and measures it: the time to connect, the MTU, and the signal strength. Other Bluetooth steps connect by themselves.',
    example: '- { verb: ble-connect, mtu: { min: 185 }, rssi: { min: -70 } }',
    keys: {
      mtu: {
        about:
          'Limits of the MTU in bytes, the smaller one of what both sides offer; `device.ble.mtu` is what the station asks for.',
        examples: [{ min: 185 }],
      },
      rssi: { about: 'Limits of the RSSI of the connection in dBm.', examples: [{ min: -70 }] },
    },
  },
});
