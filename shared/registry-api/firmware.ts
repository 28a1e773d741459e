import { z } from 'zod';
import {
  firmwareVersion,
  MAX_CONFIG_BYTES,
  MAX_FIRMWARE_BYTES,
  md5Hex,
  sha256Hex,
} from '../domain/firmware.ts';
import { productId } from '../domain/triple.ts';

/** The most bytes of one `PUT`. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;
/** The bytes that a station sends with one `PUT`. */
export const CHUNK_BYTES = 1024 * 1024;
/** SHA-256 of the chunk's bytes, hex: a chunk with another hash is refused. */
export const CHUNK_HASH_HEADER = 'x-gongwei-chunk-sha256';

/** `offline` (下线): devices cannot download it. `online` (上线): devices may download it. */
export const firmwareState = z.enum(['uploading', 'offline', 'online']);
export type FirmwareState = z.infer<typeof firmwareState>;

/**
 * `POST /v1/firmware/uploads`: announces an upload. May be repeated: the upload of the same content and version continues,
 * from any station. Other content of a complete version is a `conflict`.
 */
export const firmwareUploadRequest = z.object({
  productId,
  version: firmwareVersion,
  sizeBytes: z.int().min(1).max(MAX_FIRMWARE_BYTES),
  sha256: sha256Hex,
  md5: md5Hex,
  fileName: z.string().min(1).max(255),
  name: z.string().max(200),
  description: z.string().max(2000),
  /** `ota_cfg.json` byte for byte, base64. */
  configBase64: z.base64().max(Math.ceil(MAX_CONFIG_BYTES / 3) * 4),
});
export type FirmwareUploadRequest = z.infer<typeof firmwareUploadRequest>;

/** The state of an upload: it continues at offset `receivedBytes`. */
export const firmwareUploadReply = z.object({
  firmwareId: z.string(),
  receivedBytes: z.int().min(0),
  sizeBytes: z.int(),
  state: firmwareState,
});
export type FirmwareUploadReply = z.infer<typeof firmwareUploadReply>;

/**
 * The registry's record of a firmware. Unless `state` is `uploading`, the registry has computed the hashes itself. `createdMs`,
 * `completedMs` and `expiresMs` are points in time.
 */
export const registryFirmware = z.object({
  firmwareId: z.string(),
  productId: z.string(),
  version: z.string(),
  state: firmwareState,
  sizeBytes: z.int(),
  receivedBytes: z.int(),
  sha256: z.string(),
  md5: z.string(),
  fileName: z.string(),
  name: z.string(),
  description: z.string(),
  uploadedBy: z.string(),
  createdMs: z.int(),
  completedMs: z.int().nullable(),
  /** The address of the download without a token, until `expiresMs`; null while it is not online. */
  download: z.object({ path: z.string(), expiresMs: z.int() }).nullable(),
});
export type RegistryFirmware = z.infer<typeof registryFirmware>;

/** `GET /v1/firmware/:firmwareId`: with the `ota_cfg.json`. */
export const firmwareReply = registryFirmware.extend({ configBase64: z.string() });
export type FirmwareReply = z.infer<typeof firmwareReply>;

export const firmwareQuery = z.object({ productId: productId.optional() });

/** `GET /v1/firmware`: newest first. */
export const firmwareListReply = z.object({ firmware: z.array(registryFirmware) });
export type FirmwareListReply = z.infer<typeof firmwareListReply>;

/** `POST /v1/firmware/:firmwareId/state`. */
export const firmwareStateRequest = z.object({ state: z.enum(['offline', 'online']) });

/** The query of a download without a token: the expiry (Unix seconds), and the registry's signature. */
export const downloadQuery = z.object({
  expires: z.string().regex(/^\d{1,12}$/),
  signature: z.string().regex(/^[\w-]{43}$/),
});
