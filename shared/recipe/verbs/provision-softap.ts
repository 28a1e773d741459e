import { z } from 'zod';
import { durationMs, networkName, stepCommon, template } from '../common.ts';
import { defineVerb, lacksAtCommands, waitWithin } from './verb.ts';

/** The module is asked what it has, its access point starts, and it logs in. */
const EXCHANGES = 8;

export const provisionSoftap = defineVerb({
  verb: 'provision-softap',
  step: z.strictObject({
    verb: z.literal('provision-softap'),
    ...stepCommon,
    network: networkName,
    accessPoint: networkName.optional(),
    channel: z.int().min(1).max(13).default(6),
    at: template.min(3).max(128).default('192.168.4.1:8266'),
    logPort: z.int().min(1).max(65_535).default(9876),
    withinMs: durationMs.default(120_000),
    replaceStored: z.boolean().default(false),
  }),
  lacks: lacksAtCommands,
  after: 'burn-triple',
  ownWait: waitWithin,
  deviceMs: (_step, { serial }) => EXCHANGES * serial.commandTimeoutMs,
  doc: {
    about: `Provisions the module as an app does at home: the module opens an access point (\`AT+TCSAP\`), is given network and
provisioning token over UDP, joins, logs in and reports the token, and the registry binds it to the station. Measures
\`seconds-to-online\`. The station’s computer must reach the access point through a Wi-Fi adapter of its own or a bridge:
[devices/at-modules.md](devices/at-modules.md). The module stores the network; the end of the run deletes it. A recipe with this
step needs \`unbind\` after it. Needs \`burn-triple\` before it. Only for the profile \`at-module\`.`,
    example: `- { verb: provision-softap, network: line-1 }
- { verb: unbind }`,
    keys: {
      network: {
        about: 'Name of the Wi-Fi network of the station that the module is given.',
        examples: ['line-1'],
      },
      accessPoint: {
        about: `Name of a Wi-Fi network of the station: SSID and password of the access point that the module opens. Without it the
access point is open, and its SSID is \`GONGWEI-\` with the last six digits of the MAC.`,
        examples: ['fixture-1'],
      },
      channel: { about: 'Channel of the access point, with a password.' },
      at: {
        about: 'Address and port of the module for UDP, as the station’s computer reaches it.',
        examples: ['192.168.4.1:8266', '10.20.0.${lane}:8266'],
      },
      logPort: { about: 'UDP port at which the module tells why its provisioning has failed.' },
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
