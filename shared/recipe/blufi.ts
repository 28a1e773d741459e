import { z } from 'zod';
import type { KeyDoc } from './reference/key-doc.ts';
import { recipeLimits } from './measurement.ts';
import { shape } from './texts/shape-texts.ts';

/** Stands for the provisioning token in the custom data of BluFi. */
export const TOKEN_PLACEHOLDER = '{token}';

/** Settings of BluFi, the same for its two securities. */
export const blufiSettings = z.strictObject({
  /** False: no key is agreed, and the password is sent in clear. */
  encrypt: z.boolean().default(true),
  checksum: z.boolean().default(true),
  /** The unit confirms each frame. */
  acks: z.boolean().default(false),
  /** The unit scans, and must see the network. */
  wifiList: z.boolean().default(false),
  /** Of the RSSI with which it sees the network, dBm; implies `wifiList`. */
  rssi: recipeLimits.optional(),
  /** Sent after the unit has joined. */
  customData: z
    .string()
    .max(400)
    .refine((text) => text.includes(TOKEN_PLACEHOLDER), shape('shape-token'))
    .default(TOKEN_PLACEHOLDER),
});
export type BlufiSettings = z.output<typeof blufiSettings>;
export const BLUFI_DEFAULTS: BlufiSettings = blufiSettings.parse({});

export const BLUFI_KEYS: Readonly<Record<string, KeyDoc>> = {
  blufi: { about: 'Settings of `blufi` and `blufi-v2`.', examples: [{ wifiList: true, rssi: { min: -70 } }] },
  'blufi.encrypt': {
    about:
      '`false`: for firmware without security. **The password is then sent in clear**, as with the dialects of Tencent.',
  },
  'blufi.checksum': { about: '`false`: the frames have no checksum.' },
  'blufi.acks': {
    about: '`true`: the unit confirms each frame, and the step fails at one that is not confirmed.',
  },
  'blufi.wifiList': {
    about: '`true`: the unit scans, and must see the network. The step measures `wifi-rssi`, in dBm.',
  },
  'blufi.rssi': {
    about: 'Limits of `wifi-rssi` in dBm. The list is asked for as with `wifiList: true`.',
    examples: [{ min: -70 }],
  },
  'blufi.customData': {
    about: 'What the unit is sent as custom data after it has joined; `{token}` is the provisioning token.',
    examples: ['{"token":"{token}"}'],
  },
};
