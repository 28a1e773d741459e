import { z } from 'zod';
import { bleTimeoutMs, uuid } from '../ble.ts';
import { BLE_VALUE_DOC, bleValue, bleValueKind, typeOfBleValue } from '../ble-value.ts';
import { stepCommon, variableName } from '../common.ts';
import { defineVerb, timeToConnect, waitForAnswer } from './verb.ts';

export const bleRead = defineVerb({
  verb: 'ble-read',
  step: z.strictObject({
    verb: z.literal('ble-read'),
    ...stepCommon,
    service: uuid,
    characteristic: uuid,
    as: bleValueKind.default('text'),
    ...bleValue,
    capture: variableName.optional(),
    answerMs: bleTimeoutMs.default(3000),
  }),
  after: 'identify',
  deviceMs: timeToConnect,
  ownWait: waitForAnswer,
  variables: ({ capture }) => (capture === undefined ? [] : [capture]),
  limits: ({ as, limits }) => [{ path: ['limits'], type: typeOfBleValue(as), limits, remedy: 'as: uint8' }],
  doc: {
    about: 'Reads a characteristic and compares its value with limits.',
    example:
      "- { verb: ble-read, name: battery, service: '180F', characteristic: '2A19', as: uint8, unit: '%', limits: { min: 20 } }",
    keys: {
      service: { about: 'UUID of the service, in quotes where it looks like a number.', examples: ['180F'] },
      characteristic: { about: 'UUID of the characteristic.', examples: ['2A19'] },
      ...BLE_VALUE_DOC,
      capture: { about: 'Variable that gets the value.', examples: ['battery'] },
    },
  },
});
