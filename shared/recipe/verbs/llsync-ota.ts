import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { durationMs, recipeFile, stepCommon, template } from '../common.ts';
import { defineVerb, lacksIdentity, timeToConnect, waitWithin } from './verb.ts';

export const llsyncOta = defineVerb({
  verb: 'llsync-ota',
  step: z.strictObject({
    verb: z.literal('llsync-ota'),
    ...stepCommon,
    /** Path in the firmware package of the batch; the firmware itself when left out. */
    file: recipeFile.optional(),
    /** What the unit says after its restart. */
    version: template.min(1).max(32),
    answerMs: bleTimeoutMs.default(10_000),
    withinMs: durationMs.default(600_000),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  deviceMs: timeToConnect,
  ownWait: waitWithin,
  doc: {
    about:
      'Sends the firmware of the batch to a unit that is bound over LLSync, waits for its restart, and requires the version that it then says. A transfer that broke goes on where the unit says.',
    example: "- { verb: llsync-ota, version: '1.1.0' }",
    keys: {
      file: {
        about: 'Path of the file in the firmware package; the firmware itself when left out.',
        examples: ['app.bin'],
      },
      version: {
        about: 'Version of the firmware, which the unit gets and must say after its restart.',
        examples: ['1.1.0'],
      },
      answerMs: { about: 'How long one answer of the unit is awaited, in milliseconds.' },
      withinMs: { about: 'How long the whole may take, in milliseconds.' },
    },
  },
});
