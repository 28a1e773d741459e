import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { withDeadline } from '#node-kit/async/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';

/** The longest wait for an answer, and between two pieces of a file. */
const STALL_MS = 30_000;

/** Where descriptions and installers of updates are. */
export interface UpdateSource {
  /** Faults: `update-unreachable`, `update-invalid` when it is longer than `maxBytes`. */
  readText(name: string, maxBytes: number, signal: AbortSignal): Promise<string>;
  /** Faults of opening and of reading: `update-unreachable`. */
  read(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array>;
}

/** Reads an https address or the whole path of a folder. Faults: `bad-input`. */
export function checkedSource(text: string): string {
  const source = text.trim();
  if (/^https?:/i.test(source)) {
    const url = URL.canParse(source) ? new URL(source) : null;
    if (url !== null && url.username === '' && url.search === '' && url.hash === '' && isProtected(url)) {
      return url.href.endsWith('/') ? url.href : `${url.href}/`;
    }
  } else if (isAbsolute(source)) return source;
  throw new Fault('bad-input', `${source} is not a source of updates`, {
    hint: 'Write an https address without a password, or the whole path of a folder.',
    details: { source },
  });
}

/** On the network only TLS shows that the description comes from its publisher. */
function isProtected({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
}

export function openSource(source: string): UpdateSource {
  const read = /^https?:/i.test(source) ? readAddress : readFolder;
  return {
    read: (name, signal) => read(source, name, signal),
    async readText(name, maxBytes, signal) {
      const pieces: Uint8Array[] = [];
      let bytes = 0;
      for await (const piece of read(source, name, signal)) {
        bytes += piece.length;
        if (bytes > maxBytes)
          throw new Fault('update-invalid', `${name} is longer than ${maxBytes} bytes`, {
            hint: 'Check that the source is that of Gongwei.',
            details: { file: name },
          });
        pieces.push(piece);
      }
      return Buffer.concat(pieces).toString('utf8');
    },
  };
}

async function* readAddress(source: string, name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const url = new URL(encodeURIComponent(name), source);
  const stalled = new AbortController();
  const until = AbortSignal.any([signal, stalled.signal]);
  const within = <T>(work: Promise<T>): Promise<T> =>
    withDeadline(work, {
      timeoutMs: STALL_MS,
      signal,
      onTimeout: () => {
        throw unreachable(url.href, new Error('it does not answer'));
      },
    });
  try {
    // A redirection may lead to another publisher.
    const reply = await within(fetch(url, { signal: until, redirect: 'error', cache: 'no-store' }));
    if (!reply.ok || reply.body === null) throw new Error(`status ${reply.status}`);
    const reader = reply.body.getReader();
    for (;;) {
      const { done, value } = await within(reader.read());
      if (done) return;
      yield value;
    }
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof Fault ? error : unreachable(url.href, error);
  } finally {
    stalled.abort();
  }
}

/** The opening of a pipe without a writer would wait for one; Windows has no such flag. */
const READ_AT_ONCE = constants.O_RDONLY | ((constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0);
const PIECE_BYTES = 65_536;

async function* readFolder(source: string, name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const path = join(source, name);
  let isStalled = false;
  const within = <T>(work: Promise<T>): Promise<T> =>
    withDeadline(work, {
      timeoutMs: STALL_MS,
      signal,
      onTimeout: () => {
        isStalled = true;
        throw unreachable(path, new Error('it does not answer'));
      },
    });
  const opening = open(path, READ_AT_ONCE);
  try {
    const file = await within(opening);
    if (!(await within(file.stat())).isFile()) throw new Error('it is no file');
    for (;;) {
      const piece = Buffer.alloc(PIECE_BYTES);
      const { bytesRead } = await within(file.read(piece, 0, PIECE_BYTES, null));
      if (bytesRead === 0) return;
      yield piece.subarray(0, bytesRead);
    }
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof Fault ? error : unreachable(path, error);
  } finally {
    const closing = opening.then((file) => file.close()).catch(() => undefined);
    // A network folder that does not answer does not answer to this either.
    if (!isStalled && !signal.aborted) await closing;
  }
}

function unreachable(place: string, cause: unknown): Fault {
  const why =
    cause instanceof Error ? (cause.cause instanceof Error ? cause.cause.message : cause.message) : '';
  return new Fault('update-unreachable', `${place} cannot be read: ${why}`, {
    hint: 'Check the address or the folder, the network, and whether the installers were copied there.',
    details: { place },
    cause,
  });
}
