import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { z } from 'zod';

import type { DeviceContext } from '../../profiles/profile.ts';
import type { ProductInfo } from './session.ts';

export interface GatewayRegistration {
  readonly gatewayUrl: string;
  readonly info: ProductInfo;
  /** `legacy`: as published AT firmware; `current`: as SDKs of today. */
  readonly form: 'legacy' | 'current';
  readonly context: Pick<DeviceContext, 'random' | 'nowMs'>;
}

export type GatewayResult =
  | { readonly ok: true; readonly deviceSecret: string }
  | { readonly ok: false; readonly code: number };

/** The firmware's own limit. Source: Tencent's C SDK. */
const TIMEOUT_MS = 5_000;
/** The module's local errors: no connection, and a reply that it does not understand. */
const NO_CONNECTION = -601;
const BAD_REPLY = -11;
const IV = Buffer.alloc(16, 0x30);

const legacyReply = z.object({
  code: z.number(),
  len: z.number().default(0),
  payload: z.string().default(''),
});
const currentReply = z.object({
  Response: z.object({
    Len: z.number().default(0),
    Payload: z.string().default(''),
    Error: z.object({ Code: z.string() }).optional(),
  }),
});
const content = z.object({ encryptionType: z.literal(2), psk: z.string() });

/**
 * The module's side of dynamic registration, by HTTP. Sources: Tencent's C SDK for the legacy form; document 47612 of IoT Explorer for
 * the current one.
 */
export async function registerAtGateway(
  registration: GatewayRegistration,
  signal: AbortSignal,
): Promise<GatewayResult> {
  const { gatewayUrl, info, form } = registration;
  const request = form === 'legacy' ? legacyRequest(registration) : currentRequest(registration);
  let reply: unknown;
  try {
    const response = await fetch(new URL(request.path, gatewayUrl), {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    reply = await response.json();
  } catch {
    return { ok: false, code: NO_CONNECTION };
  }
  const parsed = form === 'legacy' ? readLegacy(reply) : readCurrent(reply);
  if (parsed === null) return { ok: false, code: BAD_REPLY };
  if (parsed.code !== 0) return { ok: false, code: parsed.code };
  const deviceSecret = openPayload(parsed.payload, parsed.length, info.productSecret);
  return deviceSecret === null ? { ok: false, code: BAD_REPLY } : { ok: true, deviceSecret };
}

interface GatewayRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The signature is the base64 of the hex digits of the HMAC-SHA1. */
function legacyRequest({ info, context }: GatewayRegistration): GatewayRequest {
  const { productId, deviceName, productSecret } = info;
  const nonce = context.random.integer(1, 2_147_483_647);
  const timestamp = Math.floor(context.nowMs() / 1_000);
  const signed = `deviceName=${deviceName}&nonce=${nonce}&productId=${productId}&timestamp=${timestamp}`;
  const digits = createHmac('sha1', productSecret).update(signed).digest('hex');
  return {
    path: '/register/dev',
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify({
      deviceName,
      nonce,
      productId,
      timestamp,
      signature: Buffer.from(digits).toString('base64'),
    }),
  };
}

function currentRequest({ gatewayUrl, info, context }: GatewayRegistration): GatewayRequest {
  const body = JSON.stringify({ ProductId: info.productId, DeviceName: info.deviceName });
  const nonce = String(context.random.integer(1, 2_147_483_647));
  const timestamp = String(Math.floor(context.nowMs() / 1_000));
  const path = '/device/register';
  const digest = createHash('sha256').update(body).digest('hex');
  const signed = `POST\n${new URL(gatewayUrl).host}\n${path}\n\nhmacsha256\n${timestamp}\n${nonce}\n${digest}`;
  return {
    path,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-tc-algorithm': 'hmacsha256',
      'x-tc-timestamp': timestamp,
      'x-tc-nonce': nonce,
      'x-tc-signature': createHmac('sha256', info.productSecret).update(signed).digest('base64'),
    },
    body,
  };
}

interface Reply {
  readonly code: number;
  readonly length: number;
  readonly payload: string;
}

function readLegacy(reply: unknown): Reply | null {
  const parsed = legacyReply.safeParse(reply).data;
  return parsed === undefined ? null : { code: parsed.code, length: parsed.len, payload: parsed.payload };
}

function readCurrent(reply: unknown): Reply | null {
  const parsed = currentReply.safeParse(reply).data?.Response;
  if (parsed === undefined) return null;
  const code = parsed.Error === undefined ? 0 : Number(parsed.Error.Code);
  return { code: Number.isInteger(code) ? code : BAD_REPLY, length: parsed.Len, payload: parsed.Payload };
}

/** AES-128-CBC with the first 16 characters of the product secret, filled with zeros; null when it is not readable. */
function openPayload(payload: string, length: number, productSecret: string): string | null {
  try {
    const decipher = createDecipheriv('aes-128-cbc', productSecret.slice(0, 16), IV);
    decipher.setAutoPadding(false);
    const bytes = Buffer.concat([decipher.update(payload, 'base64'), decipher.final()]);
    return content.parse(JSON.parse(bytes.subarray(0, length).toString('utf8'))).psk;
  } catch {
    return null;
  }
}
