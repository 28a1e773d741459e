import { z } from 'zod';
import { sha256Hex } from '../domain/firmware.ts';

/** Keys that one request may have: a station makes one in years. */
export const MAX_STATION_KEYS = 100;

/**
 * `POST /v1/station/keys`: the public keys with which the requesting station signs documents. May be repeated: a key that the
 * registry has is not changed. A key is never removed.
 */
export const stationKeysRequest = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        /** SubjectPublicKeyInfo of Ed25519 (RFC 8410) in DER, in Base64. */
        publicKey: z.base64().length(60),
        /** The signature of these bytes by the key itself, see `signedBytes` (`station-key`), in Base64. */
        proof: z.base64().length(88),
        /** When the station made it, by its clock. */
        createdAtMs: z.int().min(0),
      }),
    )
    .min(1)
    .max(MAX_STATION_KEYS),
});
export type StationKeysRequest = z.infer<typeof stationKeysRequest>;

/** `added`: keys that the registry did not have. */
export const stationKeysReply = z.object({ keys: z.int(), added: z.int() });
export type StationKeysReply = z.infer<typeof stationKeysReply>;

/**
 * `GET /v1/station-keys/:keyId`, without a token, because public keys are for everybody who got a document: the stations that
 * have reported the key. `keyId` is the SHA-256 of the public key, in hex.
 */
export const stationKeyReply = z.object({
  keyId: sha256Hex,
  publicKey: z.string(),
  stations: z.array(
    z.object({
      station: z.string(),
      /** By the registry's clock. */
      receivedMs: z.int(),
      /** True when the station has no valid token any more. */
      revoked: z.boolean(),
    }),
  ),
});
export type StationKeyReply = z.infer<typeof stationKeyReply>;
