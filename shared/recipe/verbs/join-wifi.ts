import { z } from 'zod';
import { durationMs, networkName, stepCommon } from '../common.ts';
import { recipeLimits } from '../measurement.ts';
import { defineVerb, lacksAtCommands, waitWithin } from './verb.ts';

/** Mode, network, server and their variants are asked before, the result after. */
const QUESTIONS = 8;

export const joinWifi = defineVerb({
  verb: 'join-wifi',
  step: z.strictObject({
    verb: z.literal('join-wifi'),
    ...stepCommon,
    network: networkName,
    withinMs: durationMs.default(30_000),
    /** dBm. */
    rssi: recipeLimits.optional(),
    seconds: recipeLimits.optional(),
    replaceStored: z.boolean().default(false),
  }),
  lacks: lacksAtCommands,
  repeatOnResume: true,
  ownWait: waitWithin,
  deviceMs: (_step, { serial }) => QUESTIONS * serial.commandTimeoutMs,
  limits: ({ rssi, seconds }) => [
    { path: ['rssi'], type: 'number', limits: rssi },
    { path: ['seconds'], type: 'number', limits: seconds },
  ],
  doc: {
    about: `The module joins a Wi-Fi network of the station (\`AT+CWJAP\`) and measures \`wifi-rssi\`, \`wifi-seconds\` and \`wifi-address\`.
The network is not stored where the firmware can join without storing it (\`AT+CWJAP_CUR\`, or \`AT+SYSSTORE=0\` before). At the end of the
run, also of one that fails or is stopped, mode, network and server of the module are as they were found. Only for the profile
\`at-module\`.`,
    example: '- { verb: join-wifi, network: line-1, rssi: { min: -70 } }',
    keys: {
      network: {
        about: 'Name of a Wi-Fi network of the station, which has SSID and password.',
        examples: ['line-1'],
      },
      withinMs: { about: 'How long the module may take to join and to get its address, in milliseconds.' },
      rssi: { about: 'Limits of the RSSI in dBm that the module reports.', examples: [{ min: -70 }] },
      seconds: {
        about: 'Limits of the time until the module has its address, in seconds.',
        examples: [{ max: 10 }],
      },
      replaceStored: {
        about: `For firmware that stores each network that it joins: \`true\` lets the module lose the network that it has
stored, because its password cannot be read from it. Without it the step fails before anything is changed.`,
        examples: [true],
      },
    },
  },
});
