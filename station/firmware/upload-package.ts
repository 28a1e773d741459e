import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { CHUNK_BYTES, type FirmwareUploadReply } from '#shared/registry-api/index.ts';
import type { Clock } from '../core/platform/index.ts';
import type { FirmwareRegistry, RegistryFirmware } from '../registry-sync/client/index.ts';
import type { FirmwareRow } from '../core/database/index.ts';
import { printable } from './package-faults.ts';

/** Delays after failures in a row without progress; after the last one the upload fails. */
export const RETRY_DELAYS_MS: readonly number[] = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
/** How often the content is sent again from the beginning when the registry has received it damaged. */
const MAX_RESTARTS = 1;

export interface PackageUploadOptions {
  readonly registry: FirmwareRegistry;
  readonly clock: Clock;
  /** File with the content. */
  readonly path: string;
  readonly retryDelaysMs?: readonly number[];
}

export interface UploadProgress {
  readonly stage: 'checking' | 'sending' | 'verifying';
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** A firmware with product and version, which the registry needs. */
export type UploadableFirmware = FirmwareRow & { readonly productId: string; readonly version: string };

/**
 * Uploads one firmware to the registry: verifies the stored content, sends the missing bytes in chunks with hashes, and
 * succeeds when the registry has found the same SHA-256 over the whole. After a broken connection, and after a restart of
 * the station, the upload continues with the bytes that the registry does not have.
 * Faults: those of `RegistryClient`, `ledger-violation` when the stored content is damaged, the signal's reason.
 *
 * @param onBegun called when the registry has announced the upload's id
 */
export async function uploadPackage(
  options: PackageUploadOptions,
  firmware: UploadableFirmware,
  onProgress: (progress: UploadProgress) => void,
  onBegun: (reply: FirmwareUploadReply) => void,
  signal: AbortSignal,
): Promise<RegistryFirmware> {
  const { registry } = options;
  const { sizeBytes } = firmware;
  const report = (stage: UploadProgress['stage'], doneBytes: number): void =>
    onProgress({ stage, doneBytes, totalBytes: sizeBytes });
  await verifyStoredContent(options.path, firmware, (done) => report('checking', done), signal);
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

  await using file = await open(options.path, 'r');
  const retry = new RetryDelays(options, signal);
  const begin = (): Promise<FirmwareUploadReply> =>
    retry.whileUnreachable(() => registry.begin(request, signal));
  let reply = await begin();
  onBegun(reply);
  for (let restarts = 0; ;) {
    const { firmwareId } = reply;
    reply = await sendRest(file, reply);
    report('verifying', sizeBytes);
    try {
      const view = await retry.whileUnreachable(() => registry.complete(firmwareId, signal));
      if (view.sha256 === firmware.sha256 && view.sizeBytes === sizeBytes) return view;
      throw new Fault('registry-refused', 'the registry has stored another content than was sent', {
        hint: 'Tell the administrator of the registry. Do not put this firmware online.',
        details: { sha256: view.sha256 },
      });
    } catch (error) {
      const receivedBytes = nextByteOf(error);
      if (receivedBytes === null || restarts >= MAX_RESTARTS) throw error;
      restarts += 1;
      reply = { ...reply, receivedBytes };
    }
  }

  async function sendRest(from: FileHandle, begun: FirmwareUploadReply): Promise<FirmwareUploadReply> {
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, sizeBytes));
    let progress = begun;
    report('sending', progress.receivedBytes);
    while (progress.receivedBytes < sizeBytes) {
      throwIfAborted(signal);
      const offset = progress.receivedBytes;
      const { bytesRead } = await from.read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) throw storedContentDamaged(firmware);
      const bytes = buffer.subarray(0, bytesRead);
      const sha256 = sha256Hex(bytes);
      const chunk = { offset, totalBytes: sizeBytes, bytes, sha256 };
      try {
        progress = await registry.send(begun.firmwareId, chunk, signal);
      } catch (error) {
        const receivedBytes = nextByteOf(error);
        if (receivedBytes === null && !isUnreachable(error)) throw error;
        // The chunk arrived damaged, or not at all: retried after a delay. Another byte is due: sent at once.
        if (receivedBytes === null || receivedBytes === offset) {
          await retry.delay(error);
          progress = await begin();
        } else progress = { ...progress, receivedBytes };
      }
      // Progress also when only the reply was lost.
      if (progress.receivedBytes > offset) retry.reset();
      report('sending', progress.receivedBytes);
    }
    return progress;
  }
}

/** Delays between attempts, longer after each failure in a row. */
class RetryDelays {
  readonly #clock: Clock;
  readonly #delaysMs: readonly number[];
  readonly #signal: AbortSignal;
  #failures = 0;

  constructor({ clock, retryDelaysMs = RETRY_DELAYS_MS }: PackageUploadOptions, signal: AbortSignal) {
    this.#clock = clock;
    this.#delaysMs = retryDelaysMs;
    this.#signal = signal;
  }

  /** Throws `error` after the last delay. */
  async delay(error: unknown): Promise<void> {
    const delayMs = this.#delaysMs[this.#failures];
    this.#failures += 1;
    if (delayMs === undefined) throw error;
    await this.#clock.sleep(delayMs, this.#signal);
  }

  reset(): void {
    this.#failures = 0;
  }

  async whileUnreachable<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        await this.delay(error);
      }
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Fault && error.code === 'registry-unreachable';
}

/** The offset that the registry asks for; null when the refusal names none. */
function nextByteOf(error: unknown): number | null {
  const due =
    error instanceof Fault && error.code === 'registry-refused' ? error.details['receivedBytes'] : null;
  return typeof due === 'number' ? due : null;
}

async function verifyStoredContent(
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
    throw storedContentDamaged(firmware);
}

function storedContentDamaged(firmware: FirmwareRow): Fault {
  return new Fault(
    'ledger-violation',
    `the station's copy of ${printable(firmware.fileName)} is missing or damaged`,
    {
      hint: 'Import the package again: that restores the copy.',
      details: { sha256: firmware.sha256 },
    },
  );
}
