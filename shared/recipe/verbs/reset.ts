import { verbText as text } from '../texts/verb-texts.ts';
import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { defineVerb } from './verb.ts';

export const reset = defineVerb({
  verb: 'reset',
  step: z.strictObject({ verb: z.literal('reset'), ...stepCommon }),
  lacks: ({ reset: settings }) => (settings === undefined ? text('needs-reset') : null),
  ownWait: (_step, device) => ({
    keys: [],
    label: 'activeMs and settleMs of device.reset',
    ms: device?.reset === undefined ? 0 : device.reset.activeMs + device.reset.settleMs,
  }),
  doc: {
    about: 'Resets the unit with a control line of its port (`device.reset`).',
    example: '- { verb: reset }',
  },
});
