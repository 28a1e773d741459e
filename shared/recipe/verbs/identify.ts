import { z } from 'zod';
import type { BleIdentify } from '../ble-identify.ts';
import { regex, stepCommon } from '../common.ts';
import { NVS_VISIT_MS } from '../nvs-identity.ts';
import { defineVerb } from './verb.ts';

/** For the answer of one characteristic. */
const READ_MS = 3000;

/** It listens, then connects where a characteristic is read. */
function msToIdentify({ withinMs, listenMs, read }: BleIdentify, connectMs: number): number {
  return withinMs + listenMs + (read.length === 0 ? 0 : connectMs + read.length * READ_MS);
}

export const identify = defineVerb({
  verb: 'identify',
  step: z.strictObject({
    verb: z.literal('identify'),
    ...stepCommon,
    model: regex.optional(),
    firmware: regex.optional(),
  }),
  repeatOnResume: true,
  deviceMs: (_step, { identify: requests, identity, serial, ble }) => {
    if (ble?.identify !== undefined) return msToIdentify(ble.identify, ble.connectMs + ble.settleMs);
    if (requests !== undefined) return requests.reduce((sumMs, { withinMs }) => sumMs + withinMs, 0);
    return identity?.nvs === undefined ? serial.commandTimeoutMs : NVS_VISIT_MS;
  },
  literalKeys: ['model', 'firmware'],
  doc: {
    about: `Reads MAC or chip id, model and firmware version of the unit: with a command of an AT module, or with the requests of
\`device.identify\` of a described device. A device with \`device.identity.nvs\` and without these requests is identified by
the MAC of its chip, through its boot loader; one with \`device.ble.identify\` by what it advertises over Bluetooth. Fails a unit with another model or firmware.`,
    example: `- { verb: identify, firmware: '^QCloud_AT' }`,
    keys: {
      model: { about: 'Regular expression that the model matches.', examples: ['^JX-12F$'] },
      firmware: { about: 'Regular expression that the firmware version matches.', examples: ['^QCloud_AT'] },
    },
  },
});
