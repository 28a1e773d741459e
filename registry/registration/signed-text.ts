import { createHash, createHmac } from 'node:crypto';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';

/** A request of the current form as it arrived. */
export interface SignedRequest {
  /** The header `Host`. */
  readonly host: string;
  /** The header `X-TC-Algorithm`, as it was written: the signed text has it too. */
  readonly algorithm: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** The header `X-TC-Signature`: base64. */
  readonly signature: string;
  readonly body: Uint8Array;
}

const DIGESTS: Readonly<Record<string, 'sha256' | 'sha1'>> = { hmacsha256: 'sha256', hmacsha1: 'sha1' };

/** The digest that a header `X-TC-Algorithm` names; null for another one. */
export function digestOf(algorithm: string): 'sha256' | 'sha1' | null {
  return DIGESTS[algorithm.toLowerCase()] ?? null;
}

/**
 * Whether the product secret has signed the request. Source: document 47612 of IoT Explorer: lines of method, host, path, an empty
 * query, algorithm, timestamp, nonce and the SHA-256 of the body in hex; base64 of the HMAC. SDKs differ in whether the host has
 * its port: both are accepted.
 */
export function isSignedBy(productSecret: string, path: string, request: SignedRequest): boolean {
  const digest = digestOf(request.algorithm);
  if (digest === null) return false;
  const given = Buffer.from(request.signature, 'base64');
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const hosts = [request.host, request.host.replace(/:\d+$/, '')];
  const matches = hosts.map((host) => {
    const lines = ['POST', host, path, '', request.algorithm, request.timestamp, request.nonce, bodyHash];
    return equalInConstantTime(given, createHmac(digest, productSecret).update(lines.join('\n')).digest());
  });
  return matches.includes(true);
}

/** A request of the legacy form. */
export interface LegacyRequest {
  readonly productId: string;
  readonly deviceName: string;
  readonly nonce: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly signature: string;
}

/**
 * Whether the product secret has signed a legacy request. Source: Tencent's C SDK: base64 of the 40 hex digits of the
 * HMAC-SHA1, not of its bytes.
 */
export function isLegacySignedBy(productSecret: string, request: LegacyRequest): boolean {
  const { deviceName, nonce, productId, timestamp, signature } = request;
  const text = `deviceName=${deviceName}&nonce=${nonce}&productId=${productId}&timestamp=${timestamp}`;
  const hex = createHmac('sha1', productSecret).update(text).digest('hex');
  return equalInConstantTime(Buffer.from(signature, 'base64'), Buffer.from(hex));
}
