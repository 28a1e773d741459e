import { z } from 'zod';
import { deviceName, productId } from '../domain/triple.ts';

/** How long a provisioning token lives when the request does not say it, and the longest life. */
export const BIND_TOKEN_LIFE_MS = 600_000;
export const MAX_BIND_TOKEN_LIFE_MS = 86_400_000;

/**
 * States of a provisioning token. `made` → `reported` by a device → `bound` to an owner → `released`. A token that is not bound
 * ends as `withdrawn` (by its station) or `expired` (its life is over). Source of the first three: Tencent's public API pages
 * 1081/44044 to 44046, which name the acts and not the states.
 */
export const BIND_TOKEN_STATES = ['made', 'reported', 'bound', 'released', 'withdrawn', 'expired'] as const;
export const bindTokenState = z.enum(BIND_TOKEN_STATES);
export type BindTokenState = z.infer<typeof bindTokenState>;

const requestKey = z.string().min(1).max(200);

/**
 * `POST /v1/bind-tokens`: makes a token. `deviceName` null: any device of the product may report it. `key` is the station's own
 * name of the request: repeated, it gives the same token.
 */
export const bindTokenRequest = z.strictObject({
  productId,
  deviceName: deviceName.nullable(),
  batchId: z.string().min(1).max(200).optional(),
  lifeMs: z.int().min(1000).max(MAX_BIND_TOKEN_LIFE_MS).default(BIND_TOKEN_LIFE_MS),
  key: requestKey,
});
export type BindTokenRequest = z.input<typeof bindTokenRequest>;

const device = z.object({ productId: z.string(), deviceName: z.string() });

/**
 * `GET /v1/bind-tokens/:tokenId`: the token without its secret text. `tokenId` is a name for stations, which may be logged;
 * devices know the token only. Times are the registry's clock.
 */
export const bindTokenView = z.object({
  tokenId: z.uuid(),
  productId: z.string(),
  /** Null: any device of the product may report it. */
  deviceName: z.string().nullable(),
  state: bindTokenState,
  madeAtMs: z.int(),
  expiresAtMs: z.int(),
  /** The device that has reported it. */
  reportedBy: device.nullable(),
  reportedAtMs: z.int().nullable(),
  /** The latest device whose report of this token was refused. */
  refusedBy: device.nullable(),
  refusedAtMs: z.int().nullable(),
  /** Null before it is bound. */
  owner: z.string().nullable(),
});
export type BindTokenView = z.infer<typeof bindTokenView>;

/**
 * The token that a device reports: `v3_` and 29 digits of lower-case hex, as the one that document 001 prints. Devices treat it as
 * opaque.
 */
export const bindToken = z.string().regex(/^v3_[0-9a-f]{29}$/);

/** Reply to `POST /v1/bind-tokens`. */
export const bindTokenReply = bindTokenView.extend({ token: bindToken });
export type BindTokenReply = z.infer<typeof bindTokenReply>;

/** `POST /v1/bind-tokens/:tokenId/bind`: binds the device that has reported the token. Repeated with its key, it has no further effect. */
export const bindRequest = z.strictObject({
  owner: z.string().trim().min(1).max(200),
  key: requestKey,
});
export type BindRequest = z.infer<typeof bindRequest>;
