import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { CHUNK_BYTES, type FirmwareUploadReply } from '#shared/registry-api/index.ts';
import type { Clock } from '../core/platform/index.ts';
import type { FirmwareRegistry, FirmwareView } from '../registry-sync/client/index.ts';
import type { FirmwareRow } from '../core/database/index.ts';
import { show } from './package-faults.ts';

/** Pauses after failures in a row without a byte of progress; after the last one the upload rests until asked for. */
export const RETRY_PAUSES_MS: readonly number[] = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** So often it is sent again from the beginning when the registry says that it arrived damaged. */
const MAX_RESTARTS = 1;

export interface UploadParts {
  readonly registry: FirmwareRegistry;
  readonly clock: Clock;
  /** Where the content lies. */
  readonly path: string;
  readonly retryPausesMs?: readonly number[];
}

export interface UploadProgress {
  readonly stage: 'checking' | 'sending' | 'verifying';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** A firmware that may be sent: everything the registry wants to know of it is known. */
export type UploadableFirmware = FirmwareRow & { readonly productId: string; readonly version: string };

/**
 * Sends one firmware to the registry: checks the own copy first, then sends what the registry does not have yet, chunk
 * by chunk, each with its hash, and believes it only when the registry found the same SHA-256 over the whole. A broken
 * connection is waited for and continued; killed, the next call continues where the registry is.
 * @param onBegun told when the registry has a name for it. Faults: those of `FirmwareRegistry`,
 * `ledger-violation` when the own copy is damaged, the signal's reason.
 */
export async function uploadPackage(
  parts: UploadParts,
  firmware: UploadableFirmware,
  onProgress: (progress: UploadProgress) => void,
  onBegun: (reply: FirmwareUploadReply) => void,
  signal: AbortSignal,
): Promise<FirmwareView> {
  const { registry } = parts;
  const { sizeBytes } = firmware;
  const tell = (stage: UploadProgress['stage'], doneBytes: number): void =>
    onProgress({ stage, doneBytes, totalBytes: sizeBytes });
  await checkOwnCopy(parts.path, firmware, (done) => tell('checking', done), signal);
  const request = {
    productId: firmware.productId,
    version: firmware.version,
    sizeBytes,
    sha256: firmware.sha256,
    md5: firmware.md5,
    fileName: firmware.fileName.slice(-255),
    name: firmware.name ?? firmware.fileName.slice(0, 200),
    description: firmware.description ?? '',
    configBase64: Buffer.from(firmware.config).toString('base64'),
  };

  await using file = await open(parts.path, 'r');
  const patience = createPatience(parts, signal);
  const begin = (): Promise<FirmwareUploadReply> =>
    patience.whileUnreachable(() => registry.begin(request, signal));
  let reply = await begin();
  onBegun(reply);
  for (let restarts = 0; ;) {
    const { firmwareId } = reply;
    reply = await sendRest(file, reply);
    tell('verifying', sizeBytes);
    try {
      const view = await patience.whileUnreachable(() => registry.complete(firmwareId, signal));
      if (view.sha256 === firmware.sha256 && view.sizeBytes === sizeBytes) return view;
      throw new Fault('registry-refused', 'the registry keeps another content than was sent', {
        hint: 'Tell who runs the registry; do not put this firmware online.',
        details: { sha256: view.sha256 },
      });
    } catch (error) {
      const receivedBytes = dueBytes(error);
      if (receivedBytes === null || restarts >= MAX_RESTARTS) throw error;
      restarts += 1;
      reply = { ...reply, receivedBytes };
    }
  }

  async function sendRest(from: FileHandle, begun: FirmwareUploadReply): Promise<FirmwareUploadReply> {
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, sizeBytes));
    let at = begun;
    tell('sending', at.receivedBytes);
    while (at.receivedBytes < sizeBytes) {
      throwIfAborted(signal);
      const offset = at.receivedBytes;
      const { bytesRead } = await from.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) throw ownCopyDamaged(firmware);
      const bytes = buffer.subarray(0, bytesRead);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const chunk = { offset, totalBytes: sizeBytes, bytes, sha256 };
      try {
        at = await registry.send(begun.firmwareId, chunk, signal);
      } catch (error) {
        const receivedBytes = dueBytes(error);
        if (receivedBytes === null && !isUnreachable(error)) throw error;
        // A chunk that arrived damaged, or none at all: after a pause. Another byte is due: at once.
        if (receivedBytes === null || receivedBytes === offset) {
          await patience.pause(error);
          at = await begin();
        } else at = { ...at, receivedBytes };
      }
      // Also when only the answer was lost.
      if (at.receivedBytes > offset) patience.progress();
      tell('sending', at.receivedBytes);
    }
    return at;
  }
}

interface Patience {
  pause(because: unknown): Promise<void>;
  progress(): void;
  whileUnreachable<T>(work: () => Promise<T>): Promise<T>;
}

function createPatience(
  { clock, retryPausesMs = RETRY_PAUSES_MS }: UploadParts,
  signal: AbortSignal,
): Patience {
  let failures = 0;
  const pause = async (because: unknown): Promise<void> => {
    const pauseMs = retryPausesMs[failures];
    failures += 1;
    if (pauseMs === undefined) throw because;
    await clock.sleep(pauseMs, signal);
  };
  return {
    pause,
    progress: () => void (failures = 0),
    async whileUnreachable(work) {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          if (!isUnreachable(error)) throw error;
          await pause(error);
        }
      }
    },
  };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Fault && error.code === 'registry-unreachable';
}

/** The byte the registry wants next, when that is what its refusal says. */
function dueBytes(error: unknown): number | null {
  const due =
    error instanceof Fault && error.code === 'registry-refused' ? error.details['receivedBytes'] : null;
  return typeof due === 'number' ? due : null;
}

async function checkOwnCopy(
  path: string,
  firmware: FirmwareRow,
  onProgress: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const sha256 = createHash('sha256');
  let doneBytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
      throwIfAborted(signal);
      sha256.update(chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      onProgress(doneBytes);
    }
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
  }
  if (doneBytes !== firmware.sizeBytes || sha256.digest('hex') !== firmware.sha256)
    throw ownCopyDamaged(firmware);
}

function ownCopyDamaged(firmware: FirmwareRow): Fault {
  return new Fault(
    'ledger-violation',
    `the station's copy of ${show(firmware.fileName)} is missing or damaged`,
    {
      hint: 'Import the package again: that restores the copy.',
      details: { sha256: firmware.sha256 },
    },
  );
}
