import type { z } from 'zod';
import { Deadline } from '#node-kit/async/index.ts';
import { parseJsonOrNull } from '#shared/codec/parse-json.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { REGISTRY_PATH, registryError, stationHeaders } from '#shared/registry-api/index.ts';
import { registryBaseUrl } from '../base-url.ts';
import { connectionFailure, faultOfReply, unexpectedReply, unreachable, untrusted } from './faults.ts';
import { type Fetch, UntrustedCertificate } from './https-fetch.ts';
import { type Connect, postWithSecrets } from './post-with-secrets.ts';

export interface Endpoint {
  readonly baseUrl: string;
  /** `host:port` and base path, for messages. */
  readonly address: string;
  /** The configured token. */
  readonly token: string;
  /** The token to send. Faults: those of `RegistryClient`. */
  readonly bearer: (signal: AbortSignal) => Promise<string>;
  readonly station: string;
  readonly timeoutMs: number;
  /** The pinned fingerprint of the certificate. */
  readonly fingerprint: string | null;
  readonly fetch: Fetch;
  /** Opens a connection for replies with secrets, of which no copy may stay in memory; `fetch` is used when null. */
  readonly connect: Connect | null;
}

export interface RegistryCall<T extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Sent as JSON, except bytes, which are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The endpoint's own when left out. */
  readonly timeoutMs?: number;
  readonly reply: T;
  readonly signal: AbortSignal;
}

/** One request to the registry; the reply is checked against its schema. Faults: those of `RegistryClient`. */
export async function call<T extends z.ZodType>(
  endpoint: Endpoint,
  request: RegistryCall<T>,
): Promise<z.infer<T>> {
  return readReply(endpoint, request, await exchange(endpoint, request));
}

/** Like `call`, and null when the registry answers `not-found`. Faults: those of `RegistryClient`. */
export async function callOrNull<T extends z.ZodType>(
  endpoint: Endpoint,
  request: RegistryCall<T>,
): Promise<z.infer<T> | null> {
  const response = await exchange(endpoint, request);
  const isUnknown =
    response.status === 404 && registryError.safeParse(response.body).data?.code === 'not-found';
  return isUnknown ? null : readReply(endpoint, request, response);
}

/**
 * Like `call`, for a reply with secrets: `extract` gets its bytes before they become a string, copies the secrets and
 * overwrites them. All bytes are wiped afterwards. A `fetch` that the caller passed may leave copies in freed memory.
 * Faults: those of `RegistryClient`.
 */
export async function callWithSecrets<T extends z.ZodType>(
  endpoint: Endpoint,
  request: RegistryCall<T>,
  extract: (bytes: Uint8Array) => void,
): Promise<z.infer<T>> {
  return readReply(endpoint, request, await exchange(endpoint, request, extract));
}

interface RegistryResponse {
  readonly status: number;
  /** The parsed JSON; undefined when the body is not JSON. */
  readonly body: unknown;
}

function readReply<T extends z.ZodType>(
  { address }: Endpoint,
  { reply }: RegistryCall<T>,
  response: RegistryResponse,
): z.infer<T> {
  const { status, body } = response;
  if (status < 200 || status > 299) throw faultOfReply(status, body, address);
  const parsed = reply.safeParse(body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw unexpectedReply(
    address,
    where === '' ? 'its reply does not match the request' : `${where} is not as agreed`,
  );
}

async function exchange<T extends z.ZodType>(
  endpoint: Endpoint,
  request: RegistryCall<T>,
  extract?: (bytes: Uint8Array) => void,
): Promise<RegistryResponse> {
  const { address } = endpoint;
  const timeoutMs = request.timeoutMs ?? endpoint.timeoutMs;
  throwIfAborted(request.signal);
  const content = contentOf(request.body);
  const bearer =
    request.path === REGISTRY_PATH.health ? endpoint.token : await endpoint.bearer(request.signal);
  const unanswered = (cause?: unknown): Fault =>
    unreachable(address, `did not answer within ${timeoutMs} ms`, cause);
  using deadline = new Deadline(timeoutMs, unanswered, { signal: request.signal });
  try {
    const url = new URL(endpoint.baseUrl + request.path);
    const { signal } = deadline;
    const headers = {
      ...stationHeaders(bearer, endpoint.station),
      accept: 'application/json',
      ...content.headers,
      ...request.headers,
    };
    const read = (status: number, body: Uint8Array): RegistryResponse => {
      extract?.(body);
      return { status, body: parseJsonOrNull(new TextDecoder().decode(body)) };
    };
    const { connect } = endpoint;
    if (extract !== undefined && connect !== null)
      return await postWithSecrets(
        { url, headers, body: JSON.stringify(request.body), signal, connect },
        read,
      );
    const response = await endpoint.fetch(url, {
      method: request.method,
      headers,
      body: content.body,
      // A redirect would send the token to another host.
      redirect: 'manual',
      signal,
    });
    if (extract === undefined)
      return { status: response.status, body: parseJsonOrNull(await response.text()) };
    const bytes = new Uint8Array(await response.arrayBuffer());
    try {
      return read(response.status, bytes);
    } finally {
      bytes.fill(0);
    }
  } catch (error) {
    throwIfAborted(request.signal);
    if (error instanceof UntrustedCertificate)
      throw untrusted(address, error.fingerprint, endpoint.fingerprint);
    if (deadline.signal.aborted) throw unanswered(error);
    throw unreachable(address, connectionFailure(error), error);
  }
}

function contentOf(body: unknown): {
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
} {
  if (body === undefined) return { headers: {}, body: null };
  if (body instanceof Uint8Array) {
    return {
      headers: { 'content-type': 'application/octet-stream' },
      body: body as Uint8Array<ArrayBuffer>,
    };
  }
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Checks address and token. Faults: `bad-input`. */
export function endpointOf(options: Omit<Endpoint, 'address' | 'bearer'>): Omit<Endpoint, 'bearer'> {
  const baseUrl = registryBaseUrl(options.baseUrl);
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new Fault('bad-input', 'the station token contains characters that are not allowed in a token', {
      hint: 'Copy the token that the registry printed when it started.',
    });
  }
  const { host, pathname } = new URL(baseUrl);
  return { ...options, baseUrl, address: pathname === '/' ? host : host + pathname };
}
