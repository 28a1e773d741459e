import { z } from 'zod';
import { stepCommon, template, unitPattern } from '../common.ts';
import { captures, measurement } from '../measurement.ts';
import { lacksAtCommands, defineVerb } from './verb.ts';

export const atCommand = defineVerb({
  verb: 'at-command',
  step: z.strictObject({
    verb: z.literal('at-command'),
    ...stepCommon,
    send: template.min(2).max(256),
    expect: unitPattern.optional(),
    capture: captures.default({}),
    measure: z.array(measurement).default([]),
  }),
  lacks: lacksAtCommands,
  sentText: 'send',
  deviceMs: (_step, { serial }) => serial.commandTimeoutMs,
  answerPattern: ({ expect: pattern }) => ({ key: 'expect', pattern, inHex: false }),
  doc: {
    about:
      'Sends one AT command and takes values out of the lines before its `OK`. Only for the profile `at-module`.',
    example: String.raw`- verb: at-command
  name: flash-size
  send: AT+TCMODULE
  expect: '[Ff]lash size\s*:\s*(\d+)\s*MB'
  measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]`,
    keys: {
      send: { about: 'The command, without its line end.', examples: ['AT+TCMODULE'] },
      expect: {
        about: 'Regular expression on the lines of the answer. Without it the answer only has to be `OK`.',
      },
    },
  },
});
