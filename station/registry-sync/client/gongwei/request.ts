import type { z } from 'zod';
import { Deadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { REGISTRY_PATH, registryError, stationHeaders } from '#shared/registry-api/index.ts';
import { registryBaseUrl } from '../base-url.ts';
import { connectionTrouble, faultOfReply, foreign, unreachable, untrusted } from './faults.ts';
import { type Fetch, UntrustedCertificate } from './https-fetch.ts';
import { type Connect, postWithSecrets } from './post-with-secrets.ts';

export interface Endpoint {
  readonly baseUrl: string;
  /** `host:port` and the base path, for people. */
  readonly place: string;
  /** What was configured. */
  readonly token: string;
  /** What is shown. Faults: those of asking the registry for it. */
  readonly bearer: (signal: AbortSignal) => Promise<string>;
  readonly station: string;
  readonly timeoutMs: number;
  /** What the certificate was agreed to be; null when nothing was. */
  readonly fingerprint: string | null;
  readonly fetch: Fetch;
  /** How an answer with secrets is fetched so that nothing of it stays in memory; by `fetch` when null. */
  readonly connect: Connect | null;
}

export interface Call<T extends z.ZodType> {
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

/** One question to the registry, its answer checked. Faults: see `RegistryClient`. */
export async function ask<T extends z.ZodType>(endpoint: Endpoint, call: Call<T>): Promise<z.infer<T>> {
  return readReply(endpoint, call, await exchange(endpoint, call));
}

/** The same, with null where the registry says that it does not know what was asked for. */
export async function callOrNull<T extends z.ZodType>(
  endpoint: Endpoint,
  call: Call<T>,
): Promise<z.infer<T> | null> {
  const answer = await exchange(endpoint, call);
  const unknown = answer.status === 404 && registryError.safeParse(answer.body).data?.code === 'not-found';
  return unknown ? null : readReply(endpoint, call, answer);
}

/**
 * The same for an answer with secrets: `take` gets its bytes before anything of them becomes a string, takes the secrets
 * out and writes over them. The bytes are wiped afterwards. With a `fetch` of the caller's, copies stay with that until
 * their memory is used again.
 */
export async function callWithSecrets<T extends z.ZodType>(
  endpoint: Endpoint,
  call: Call<T>,
  take: (bytes: Uint8Array) => void,
): Promise<z.infer<T>> {
  return readReply(endpoint, call, await exchange(endpoint, call, take));
}

interface Answer {
  readonly status: number;
  /** The JSON that came, undefined when it was none. */
  readonly body: unknown;
}

function readReply<T extends z.ZodType>({ place }: Endpoint, { reply }: Call<T>, answer: Answer): z.infer<T> {
  if (answer.status < 200 || answer.status > 299) throw faultOfReply(answer.status, answer.body, place);
  const parsed = reply.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
  throw foreign(place, where === '' ? 'its reply is not what was asked for' : `${where} is not as agreed`);
}

async function exchange<T extends z.ZodType>(
  endpoint: Endpoint,
  call: Call<T>,
  take?: (bytes: Uint8Array) => void,
): Promise<Answer> {
  const { place } = endpoint;
  const timeoutMs = call.timeoutMs ?? endpoint.timeoutMs;
  throwIfAborted(call.signal);
  const content = contentOf(call.body);
  const bearer = call.path === REGISTRY_PATH.health ? endpoint.token : await endpoint.bearer(call.signal);
  const unanswered = (cause?: unknown): Fault =>
    unreachable(place, `did not answer within ${timeoutMs} ms`, cause);
  using deadline = new Deadline(timeoutMs, unanswered);
  try {
    const url = new URL(endpoint.baseUrl + call.path);
    const signal = AbortSignal.any([call.signal, deadline.signal]);
    const headers = {
      ...stationHeaders(bearer, endpoint.station),
      accept: 'application/json',
      ...content.headers,
      ...call.headers,
    };
    const read = (status: number, body: Uint8Array): Answer => {
      take?.(body);
      return { status, body: parseJson(new TextDecoder().decode(body)) };
    };
    const { connect } = endpoint;
    if (take !== undefined && connect !== null)
      return await postWithSecrets({ url, headers, body: JSON.stringify(call.body), signal, connect }, read);
    const response = await endpoint.fetch(url, {
      method: call.method,
      headers,
      body: content.body,
      // The token must not follow to another host.
      redirect: 'manual',
      signal,
    });
    if (take === undefined) return { status: response.status, body: parseJson(await response.text()) };
    const bytes = new Uint8Array(await response.arrayBuffer());
    try {
      return read(response.status, bytes);
    } finally {
      bytes.fill(0);
    }
  } catch (error) {
    throwIfAborted(call.signal);
    if (error instanceof UntrustedCertificate)
      throw untrusted(place, error.fingerprint, endpoint.fingerprint);
    if (deadline.signal.aborted) throw unanswered(error);
    throw unreachable(place, connectionTrouble(error), error);
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Address and token checked once, so that a call can only fail on the way. Faults: `bad-input`. */
export function endpointOf(options: Omit<Endpoint, 'place' | 'bearer'>): Omit<Endpoint, 'bearer'> {
  const baseUrl = registryBaseUrl(options.baseUrl);
  if (!/^[\x21-\x7e]+$/.test(options.token)) {
    throw new Fault('bad-input', 'the station token has characters that no token has', {
      hint: 'Copy the token that the registry printed when it started.',
    });
  }
  const { host, pathname } = new URL(baseUrl);
  return { ...options, baseUrl, place: pathname === '/' ? host : host + pathname };
}
