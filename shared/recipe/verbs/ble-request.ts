import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { bleMessage, isOneBleMessage, ONE_BLE_MESSAGE } from '../ble-message.ts';
import { stepCommon, unitPattern } from '../common.ts';
import { captures, measurement } from '../measurement.ts';
import { defineVerb, timeToConnect, waitForAnswer } from './verb.ts';

export const bleRequest = defineVerb({
  verb: 'ble-request',
  step: z
    .strictObject({
      verb: z.literal('ble-request'),
      ...stepCommon,
      service: uuid,
      write: uuid,
      ...bleMessage,
      notify: uuid,
      /** On the notified bytes in hex without blanks; upper and lower case are equal. */
      expect: unitPattern.optional(),
      answerMs: bleTimeoutMs.default(3000),
      capture: captures.default({}),
      measure: z.array(measurement).default([]),
    })
    .refine(isOneBleMessage, ONE_BLE_MESSAGE),
  after: 'identify',
  deviceMs: timeToConnect,
  ownWait: waitForAnswer,
  sentText: 'text',
  answerPattern: ({ expect: pattern }) => ({ key: 'expect', pattern, inHex: true }),
  doc: {
    about: 'Writes bytes or a text to one characteristic and awaits a notification of another.',
    example: `- verb: ble-request
  name: light-on
  service: FFF0
  write: FFF1
  send: '01 64 {macTail}'
  notify: FFF2
  expect: '^01(?<brightness>..)'
  measure: [{ name: brightness, group: brightness, as: hex, limits: { equals: 100 } }]`,
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['FFF0'] },
      write: { about: 'UUID of the characteristic that is written.', examples: ['FFF1'] },
      send: {
        about: 'Bytes to write, in hex and quotes. Exactly one of `send` and `text`.',
        examples: ['01 64'],
      },
      text: { about: 'Text to write, in UTF-8.', examples: ['MAC?'] },
      end: { about: 'Line end after the text.' },
      confirm: { about: '`false`: written without a confirmation of the unit.' },
      notify: { about: 'UUID of the characteristic that answers.', examples: ['FFF2'] },
      expect: {
        about: 'Regular expression on the notified bytes in hex without blanks.',
        examples: ['^01(..)'],
      },
    },
  },
});
