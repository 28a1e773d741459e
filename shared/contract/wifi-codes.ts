import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { EVERYONE } from './common.ts';

/** A QR code as modules: each row is a text of `0` (light) and `1` (dark), without the quiet zone. */
export const codePicture = z.object({
  quietModules: z.int(),
  rows: z.array(z.string().regex(/^[01]+$/)),
});
export type CodePicture = z.infer<typeof codePicture>;

export const wifiCodeCalls = {
  /** The code that a run shows at a slot now. Secret: it is asked for while it is shown, and kept nowhere. Faults: `not-found`. */
  'wifiCodes.shown': call(
    EVERYONE,
    z.strictObject({ slot: z.int().min(1), codeId: z.string().max(64) }),
    z.object({ ssid: z.string(), picture: codePicture }),
    { automatic: true, atOnce: false },
  ),
};
