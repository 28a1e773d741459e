import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { bleMessage, isOneBleMessage, ONE_BLE_MESSAGE } from '../ble-message.ts';
import { stepCommon } from '../common.ts';
import { defineVerb, timeToConnect, waitForAnswer } from './verb.ts';

export const bleWrite = defineVerb({
  verb: 'ble-write',
  step: z
    .strictObject({
      verb: z.literal('ble-write'),
      ...stepCommon,
      service: uuid,
      characteristic: uuid,
      ...bleMessage,
      answerMs: bleTimeoutMs.default(3000),
    })
    .refine(isOneBleMessage, ONE_BLE_MESSAGE),
  after: 'identify',
  deviceMs: timeToConnect,
  ownWait: waitForAnswer,
  sentText: 'text',
  doc: {
    about: 'Writes bytes or a text to a characteristic and awaits no notification.',
    example: "- { verb: ble-write, name: mode, service: FFF0, characteristic: FFF3, text: 'TEST' }",
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['FFF0'] },
      characteristic: { about: 'UUID of the characteristic that is written.', examples: ['FFF3'] },
      send: {
        about: 'Bytes to write, in hex and quotes. Exactly one of `send` and `text`.',
        examples: ['01 64'],
      },
      text: { about: 'Text to write, in UTF-8.', examples: ['TEST'] },
      end: { about: 'Line end after the text.' },
      confirm: { about: '`false`: written without a confirmation of the unit.' },
    },
  },
});
