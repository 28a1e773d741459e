import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ByteMasker, createByteMasker } from '#shared/codec/mask.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../platform/index.ts';

/** Where the recording of a run is kept. */
export function recordingFile(dataDir: string, runId: string): string {
  return join(dataDir, 'recordings', `${runId}.jsonl`);
}

/** Records every byte between station and device, both ways, secrets masked before they reach the disk. */
export interface Recorder extends Disposable {
  /** The same wire, recorded. */
  wrap(link: ByteLink): ByteLink;
  /** From now on these never appear in the recording, also when they are cut across chunks or echoed. */
  protect(secrets: readonly string[]): void;
  /** A remark between the bytes: a phase begins, a step ends. */
  mark(text: string): void;
  /** Faults when anything of it could not be written. */
  check(): void;
}

interface Direction {
  readonly sign: '>' | '<';
  masker: ByteMasker;
}

/**
 * One file per run, one JSON line per chunk: `{"ms":since start,"d":">"|"<"|"#","b":text}`; bytes as Latin-1 text,
 * so that any byte survives. Faults: `disk-full`, `file-denied`, here and from `wrap`ped writes on, never silently.
 */
export function createRecorder(
  file: string,
  header: Readonly<Record<string, string | number | null>>,
  clock: Clock,
): Recorder {
  const fd = create(file);
  const startedMs = clock.monotonicMs();
  const secrets: Uint8Array[] = [];
  const out: Direction = { sign: '>', masker: createByteMasker([]) };
  const into: Direction = { sign: '<', masker: createByteMasker([]) };
  let broken: Fault | null = null;
  let closed = false;
  line({ gongwei: 'recording/1', ...header });

  function line(value: object): void {
    if (closed) return;
    const text = Buffer.from(`${JSON.stringify(value)}\n`);
    try {
      // A disk that has room for a part of it takes that part and says nothing.
      for (let at = 0; at < text.length;) at += writeSync(fd, text, at);
    } catch (cause) {
      broken ??= unwritable(file, 'cannot be written', cause);
    }
  }
  function bytes(direction: Direction, masked: Uint8Array): void {
    if (masked.length === 0) return;
    const ms = Math.round((clock.monotonicMs() - startedMs) * 10) / 10;
    line({ ms, d: direction.sign, b: Buffer.from(masked).toString('latin1') });
  }

  return {
    wrap(link) {
      return {
        path: link.path,
        async write(chunk) {
          if (broken !== null) throw broken;
          bytes(out, out.masker.push(chunk));
          // What could not be recorded is not sent either.
          if (broken !== null) throw broken;
          await link.write(chunk);
        },
        onBytes(listener) {
          if (listener === null) return link.onBytes(null);
          link.onBytes((chunk) => {
            bytes(into, into.masker.push(chunk));
            listener(chunk);
          });
        },
        onLost: (listener) => link.onLost(listener),
        [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
      };
    },
    protect(forms) {
      for (const form of forms) secrets.push(new TextEncoder().encode(form));
      for (const direction of [out, into]) {
        bytes(direction, direction.masker.flush());
        direction.masker = createByteMasker(secrets);
      }
    },
    mark(text) {
      line({ ms: Math.round((clock.monotonicMs() - startedMs) * 10) / 10, d: '#', b: text });
    },
    check() {
      for (const direction of [out, into]) bytes(direction, direction.masker.flush());
      if (broken !== null) throw broken;
    },
    [Symbol.dispose]() {
      if (closed) return;
      for (const direction of [out, into]) bytes(direction, direction.masker.flush());
      closed = true;
      closeSync(fd);
    },
  };
}

function create(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw unwritable(file, 'cannot be made', cause);
  }
}

function unwritable(file: string, what: string, cause: unknown): Fault {
  const { code } = cause as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new Fault(full ? 'disk-full' : 'file-denied', `the recording ${file} ${what}`, {
    hint: full
      ? 'Free space on this disk; a unit is not tested without its recording.'
      : 'Check the disk, and give this user write permission on the data directory.',
    cause,
  });
}
