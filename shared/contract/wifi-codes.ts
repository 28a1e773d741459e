import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { deviceName, productId } from '../domain/triple.ts';
import { BIND_TOKEN_LIFE_MS, bindTokenView, MAX_BIND_TOKEN_LIFE_MS } from '../registry-api/bind-tokens.ts';
import { EVERYONE } from './common.ts';

/** A QR code as modules: each row is a text of `0` (light) and `1` (dark), without the quiet zone. */
export const codePicture = z.object({
  quietModules: z.int(),
  rows: z.array(z.string().regex(/^[01]+$/)),
});
export type CodePicture = z.infer<typeof codePicture>;

const MAKERS = ['support', 'engineer'] as const;
const ofToken = z.strictObject({ tokenId: z.uuid() });
/** A provisioning token without its secret text. */
const tokenView = bindTokenView;

export const wifiCodeCalls = {
  /**
   * A code of a person's own, outside of a run: for a device, or with null for any of a product. The reply is secret. Faults: `bad-input`
   * for a network that no device can join, `network-unknown`, `not-configured`, those of the registry.
   */
  'wifiCodes.make': call(
    MAKERS,
    z.strictObject({
      productId,
      deviceName: deviceName.nullable(),
      network: z.union([
        z.strictObject({ name: z.string().max(64) }),
        z.strictObject({ ssid: z.string().max(200), password: z.string().max(200) }),
      ]),
      lifeMs: z.int().min(60_000).max(MAX_BIND_TOKEN_LIFE_MS).default(BIND_TOKEN_LIFE_MS),
    }),
    z.object({ token: tokenView, ssid: z.string(), text: z.string(), picture: codePicture }),
    { automatic: false, atOnce: false },
  ),
  /** The state of the token of such a code. Faults: `not-configured`, those of the registry. */
  'wifiCodes.token': call(MAKERS, ofToken, tokenView, { automatic: true, atOnce: false }),
  /**
   * Ends a token that no device was bound with; `unlessReported`: one that a device has reported stays. Replies with its state then.
   * Faults: as `wifiCodes.token`.
   */
  'wifiCodes.withdraw': call(
    MAKERS,
    z.strictObject({ ...ofToken.shape, unlessReported: z.boolean().default(false) }),
    tokenView,
    { automatic: false, atOnce: false },
  ),
  /** The code that a run shows at a slot now. Secret: it is asked for while it is shown, and kept nowhere. Faults: `not-found`. */
  'wifiCodes.shown': call(
    EVERYONE,
    z.strictObject({ slot: z.int().min(1), codeId: z.string().max(64) }),
    z.object({ ssid: z.string(), picture: codePicture }),
    { automatic: true, atOnce: false },
  ),
};
