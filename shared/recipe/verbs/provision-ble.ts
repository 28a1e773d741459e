import { z } from 'zod';
import { bleTimeoutMs } from '../ble.ts';
import { BLUFI_KEYS, blufiSettings } from '../blufi.ts';
import { durationMs, networkName, stepCommon } from '../common.ts';
import type { Mistake } from '../mistake.ts';
import { verbText as text } from '../texts/verb-texts.ts';
import { defineVerb, lacksIdentity, timeToConnect } from './verb.ts';

/** Each has a row in `station/devices/protocols/provisioning/methods.ts`. */
export const BLE_PROVISIONING_METHODS = [
  'llsync',
  'blufi',
  'blufi-v2',
  'tencent-combo',
  'tencent-llsync7',
] as const;
export type BleProvisioningMethod = (typeof BLE_PROVISIONING_METHODS)[number];

export const provisionBle = defineVerb({
  verb: 'provision-ble',
  step: z.strictObject({
    verb: z.literal('provision-ble'),
    ...stepCommon,
    method: z.enum(BLE_PROVISIONING_METHODS),
    /** Name of a Wi-Fi network of the station. */
    network: networkName,
    answerMs: bleTimeoutMs.default(5000),
    /** How long the unit may take to join the network. */
    joinMs: durationMs.default(65_000),
    /** How long the registry may take to receive the token after the unit has it. */
    withinMs: durationMs.default(30_000),
    blufi: blufiSettings.optional(),
  }),
  lacks: lacksIdentity,
  after: 'burn-triple',
  deviceMs: timeToConnect,
  ownWait: ({ joinMs, withinMs }) => ({ keys: ['joinMs', 'withinMs'], ms: joinMs + withinMs }),
  limits: ({ blufi }) => [{ path: ['blufi', 'rssi'], type: 'number', limits: blufi?.rssi }],
  *mistakes({ method, blufi }): Iterable<Mistake> {
    if (blufi !== undefined && method !== 'blufi' && method !== 'blufi-v2')
      yield { path: ['blufi'], message: text('blufi-other-method', method) };
  },
  doc: {
    about:
      'Gives the unit a Wi-Fi network and the provisioning token of the run over Bluetooth, and waits until the registry has received the token. A connection that breaks is made again, up to three times, until the token was written; after that the registry alone tells whether the unit has it.',
    example: `- { verb: provision-ble, method: llsync, network: line-1 }
- { verb: unbind }`,
    keys: {
      method: {
        about:
          'The protocol of the unit. `llsync`: services FFF0 or FFE8. `blufi`, `blufi-v2`: service FFFF with security V1 or V2 (from version 1.4); the password is encrypted. `tencent-combo`, `tencent-llsync7`: the older dialects of Tencent over the same service. **LLSync and these dialects send the password in clear.**',
        examples: ['llsync'],
      },
      network: {
        about: 'Name of a Wi-Fi network of the station, whose SSID and password the unit gets.',
        examples: ['line-1'],
      },
      answerMs: { about: 'How long one answer of the unit is awaited, in milliseconds.' },
      joinMs: {
        about:
          'How long the unit may take to join the network, in milliseconds; firmware of Tencent takes up to 60 s.',
      },
      withinMs: {
        about: 'How long the registry may take to receive the token after the unit has it, in milliseconds.',
      },
      ...BLUFI_KEYS,
    },
  },
});
