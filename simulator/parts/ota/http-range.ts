import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';

/** Without a byte for this long, the download has timed out. */
const SILENCE_MS = 10_000;

/** The answer to a request for the bytes from an offset. */
export interface RangeAnswer {
  /** Status of HTTP; 0 when the server could not be reached or ended early. */
  readonly status: number;
}

/**
 * Downloads a file from an offset with `Range` (RFC 9110, 14.2). `onBytes` returns false when the unit wants no more. Units reach
 * this machine alone, as with MQTT; they take any certificate, as many devices in the field do.
 */
export function downloadFrom(
  url: string,
  offset: number,
  onBytes: (bytes: Buffer) => boolean,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const { protocol, hostname } = new URL(url);
  if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return Promise.resolve({ status: 0 });
  const headers = offset === 0 ? {} : { range: `bytes=${offset}-` };
  return new Promise((resolve, reject) => {
    const outgoing =
      protocol === 'https:'
        ? requestTls(url, { headers, signal, rejectUnauthorized: false, agent: false })
        : requestPlain(url, { headers, signal, agent: false });
    let status = 0;
    const end = (): void => {
      outgoing.destroy();
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ status });
    };
    outgoing.setTimeout(SILENCE_MS, end);
    outgoing.on('error', end);
    outgoing.on('response', (incoming) => {
      status = incoming.statusCode ?? 0;
      // A server that ignores the range sends the whole file.
      let skip = status === 200 ? offset : 0;
      incoming.on('error', end);
      incoming.on('end', end);
      incoming.on('data', (bytes: Buffer) => {
        if (status !== 200 && status !== 206) return;
        const wanted = bytes.subarray(Math.min(skip, bytes.length));
        skip -= bytes.length - wanted.length;
        if (wanted.length > 0 && !onBytes(wanted)) end();
      });
    });
    outgoing.end();
  });
}
