import { z } from 'zod';
import { stepCommon } from '../common.ts';
import { defineVerb, lacksAtCommands } from './verb.ts';

/** Login, network, mode, restart, server, and the questions after it. */
const EXCHANGES = 8;

export const leaveWifi = defineVerb({
  verb: 'leave-wifi',
  step: z.strictObject({ verb: z.literal('leave-wifi'), ...stepCommon }),
  lacks: lacksAtCommands,
  repeatOnResume: true,
  deviceMs: (_step, { serial }) => EXCHANGES * serial.commandTimeoutMs,
  doc: {
    about: `Gives mode, network and server of the module back as the first of \`join-wifi\`, \`point-to-registry\`, \`provision-softap\`
and \`provision-smartconfig\` found them, and restarts the module. The end of the run does the same; a recipe needs this step only
when the unit loses its supply before.`,
    example: '- { verb: leave-wifi }',
  },
});
