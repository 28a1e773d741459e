import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { BLE_VALUE_DOC, bleValue, bleValueKind, typeOfBleValue } from '../ble-value.ts';
import { stepCommon, unitPattern } from '../common.ts';
import { captures, measurement } from '../measurement.ts';
import { verbText as text } from '../texts/verb-texts.ts';
import { defineVerb, timeToConnect, waitWithin } from './verb.ts';

export const bleNotified = defineVerb({
  verb: 'ble-notified',
  step: z.strictObject({
    verb: z.literal('ble-notified'),
    ...stepCommon,
    service: uuid,
    notify: uuid,
    /** On the notified bytes in hex without blanks; upper and lower case are equal. */
    expect: unitPattern.optional(),
    as: bleValueKind.optional(),
    ...bleValue,
    capture: captures.default({}),
    measure: z.array(measurement).default([]),
    withinMs: bleTimeoutMs.default(3000),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  ownWait: waitWithin,
  answerPattern: ({ expect: pattern }) => ({ key: 'expect', pattern, inHex: true }),
  limits: ({ as, limits }) =>
    as === undefined ? [] : [{ path: ['limits'], type: typeOfBleValue(as), limits, remedy: 'as: uint8' }],
  *mistakes({ as }, keys) {
    if (as !== undefined) return;
    for (const key of ['offset', 'order', 'scale', 'unit', 'limits'])
      if (keys.includes(key)) yield { path: [key], message: text('ble-value-without-type') };
  },
  doc: {
    about:
      'Subscribes to a characteristic and awaits a notification or an indication, without a write. With `expect` others are passed over.',
    example: `- verb: ble-notified
  name: temperature
  service: '1809'
  notify: '2A1C'
  as: float
  offset: 1
  unit: °C
  limits: { min: 20, max: 40 }
  withinMs: 5000`,
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['1809'] },
      notify: { about: 'UUID of the characteristic that notifies.', examples: ['2A1C'] },
      expect: {
        about: 'Regular expression on the notified bytes in hex without blanks.',
        examples: ['^01(..)'],
      },
      ...BLE_VALUE_DOC,
      withinMs: { about: 'How long the notification is awaited, in milliseconds.' },
    },
  },
});
