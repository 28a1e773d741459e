import { z } from 'zod';
import { durationMs, networkName, stepCommon, template } from '../common.ts';
import { defineVerb, lacksAtCommands, waitWithin } from './verb.ts';

const EXCHANGES = 9;

export const provisionSmartconfig = defineVerb({
  verb: 'provision-smartconfig',
  step: z.strictObject({
    verb: z.literal('provision-smartconfig'),
    ...stepCommon,
    network: networkName,
    at: template.min(3).max(128).optional(),
    withinMs: durationMs.default(120_000),
    replaceStored: z.boolean().default(false),
  }),
  lacks: lacksAtCommands,
  after: 'burn-triple',
  ownWait: waitWithin,
  deviceMs: (_step, { serial }) => EXCHANGES * serial.commandTimeoutMs,
  doc: {
    about: `Provisions the module by SmartConfig: the module listens (\`AT+TCSTARTSMART\`), a sender of SmartConfig beside the line gives
it the network by radio, and the station gives it the provisioning token over UDP, waits for its login and binds it. The station
itself sends nothing by radio: a phone with an app for ESP-Touch, or another sender, must do so for the network that the step names
([devices/at-modules.md](devices/at-modules.md)). Measures \`seconds-to-online\`. The end of the run deletes the network in the module.
A recipe with this step needs \`unbind\` after it. Needs \`burn-triple\` before it. Only for the profile \`at-module\`.`,
    example: `- { verb: provision-smartconfig, network: line-1 }
- { verb: unbind }`,
    keys: {
      network: {
        about:
          'Name of the Wi-Fi network of the station that the sender gives; a module that joined another one fails.',
        examples: ['line-1'],
      },
      at: {
        about: 'Address and port of the module for UDP. Without it its address in the network, port 8266.',
        examples: ['192.168.10.77:8266'],
      },
      withinMs: {
        about: 'How long the whole takes at most, in milliseconds; the module itself gives up after 300 s.',
      },
      replaceStored: {
        about: '`true` lets the module lose the network that it has stored.',
        examples: [true],
      },
    },
  },
});
