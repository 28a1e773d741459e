import { connect, type OnReadOpts, type Socket } from 'node:net';
import { createWipedBody } from './wiped-body.ts';

export interface SecretRequest {
  readonly url: URL;
  readonly connect: Connect;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
  readonly signal: AbortSignal;
}

/** Opens a socket whose received bytes go to `onread` only. Rejects with the system's error. */
export type Connect = (target: {
  readonly host: string;
  readonly port: number;
  readonly onread: OnReadOpts;
}) => Promise<Socket>;

/** Without TLS. */
export const connectPlain: Connect = (target) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connect(target);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });

/** Several times the size of the largest lease. */
const LIMIT_BYTES = 16 * 1024 * 1024;
const READ_BYTES = 64 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * A POST whose response contains secrets. `fetch` leaves copies of a response in freed memory, which cannot be wiped. This
 * function reads the socket into its own buffer (`onread`), passes the body to `use`, and wipes both. RFC 9112: one
 * request, `Connection: close`, a body of known length or in chunks.
 *
 * Rejects with the system's error when the connection breaks, with the signal's reason, and with an `Error` whose code is
 * `EPIPE` when the response ends early or is not HTTP.
 *
 * @param use its result must not contain bytes of the body
 */
export async function postWithSecrets<T>(
  request: SecretRequest,
  use: (status: number, body: Uint8Array) => T,
): Promise<T> {
  using received = createWipedBody(LIMIT_BYTES);
  await receive(request, (bytes) => received.add(bytes));
  const { status, body } = parseResponse(received.bytes);
  return use(status, body);
}

async function receive(
  { url, headers, body, signal, connect: open }: SecretRequest,
  add: (bytes: Uint8Array) => void,
): Promise<void> {
  signal.throwIfAborted();
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  let overflow: Error | null = null;
  const callback = (count: number): boolean => {
    try {
      add(buffer.subarray(0, count));
      return true;
    } catch (error) {
      overflow = error as Error;
      socket?.destroy(overflow);
      return false;
    }
  };
  let socket: Socket | null = null;
  try {
    socket = await open({
      // A URL has an IPv6 address in brackets, the socket has not.
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
      onread: { buffer, callback },
    });
    await exchange(socket, formatRequest(url, headers, body), signal);
    if (overflow !== null) throw overflow;
  } finally {
    socket?.destroy();
    buffer.fill(0);
  }
}

/** Resolves when the server has closed the connection. */
function exchange(socket: Socket, request: string, signal: AbortSignal): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const onAbort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    if (signal.aborted) onAbort();
    else socket.write(request);
  });
}

function formatRequest(url: URL, headers: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries({
    host: url.host,
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'accept-encoding': 'identity',
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

function parseResponse(bytes: Uint8Array): { readonly status: number; readonly body: Uint8Array } {
  const response = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const headEnd = response.indexOf(HEAD_END);
  if (headEnd < 0) throw brokenResponse('the response has no head');
  const head = response.toString('latin1', 0, headEnd);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw brokenResponse('the response is not HTTP');
  const body = response.subarray(headEnd + HEAD_END.length);
  const chunked = /^transfer-encoding:[ \t]*chunked[ \t]*$/im.test(head);
  const length = /^content-length:[ \t]*(\d{1,9})[ \t]*$/im.exec(head)?.[1];
  if (chunked) return { status: Number(status), body: joinChunks(body) };
  if (length === undefined) return { status: Number(status), body };
  if (body.length < Number(length)) throw brokenResponse('the response was cut off');
  return { status: Number(status), body: body.subarray(0, Number(length)) };
}

/** Joins the chunks in place (RFC 9112 §7.1). */
function joinChunks(bytes: Buffer): Buffer {
  let from = 0;
  let to = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', from);
    const size = lineEnd < 0 ? NaN : Number.parseInt(bytes.toString('latin1', from, lineEnd), 16);
    if (size === 0) return bytes.subarray(0, to);
    const end = lineEnd + 2 + size;
    if (Number.isNaN(size) || end > bytes.length) throw brokenResponse('the response was cut off');
    bytes.copyWithin(to, lineEnd + 2, end);
    to += size;
    from = end + 2;
  }
}

function brokenResponse(reason: string): Error {
  return Object.assign(new Error(reason), { code: 'EPIPE' });
}
