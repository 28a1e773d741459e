import { z } from 'zod';
import { stepCommon, template } from '../common.ts';
import { defineVerb, lacksAtCommands } from './verb.ts';

export const pointToRegistry = defineVerb({
  verb: 'point-to-registry',
  step: z.strictObject({
    verb: z.literal('point-to-registry'),
    ...stepCommon,
    host: template.min(1).max(128).optional(),
  }),
  lacks: lacksAtCommands,
  repeatOnResume: true,
  deviceMs: (_step, { serial }) => 5 * serial.commandTimeoutMs,
  doc: {
    about: `The module logs in at the registry of the station instead of Tencent’s cloud (\`AT+TCMQTTSRV\`), until the end of the run.
The command takes a host without a port: published firmware uses port 8883 with TLS-PSK, so that the registry must listen there
(\`registry serve --mqtts-port 8883\`). A module does not reach a registry at 127.0.0.1. Only for the profile \`at-module\`.`,
    example: '- { verb: point-to-registry }',
    keys: {
      host: {
        about:
          'Host of the broker, without port. Without it the host of the registry that the station is bound to.',
        examples: ['192.168.10.2'],
      },
    },
  },
});
