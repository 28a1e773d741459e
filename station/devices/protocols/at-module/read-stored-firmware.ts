import { createHash } from 'node:crypto';
import { AT_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import { type FlashProgress, kbitPerSecond, runTransfer } from '../flashing/index.ts';
import { StoredData } from './stored-data.ts';

/** What a module has stored for its host, after the whole of it was read. */
export interface StoredFirmware {
  readonly version: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly sha256: string;
}

export interface StoredFirmwareRequest {
  /** The version that the module must have. */
  readonly version: string;
  /** The module answers commands: it was greeted, and its echo is off. */
  readonly port: DevicePort;
  readonly clock: Clock;
  onProgress(progress: FlashProgress): void;
}

/** What one line of the recording stands for. */
const TRACED_BYTES = 65_536;

/**
 * Reads the firmware that an AT module has stored for its host, and compares it with the MD5 that the module gives. The recording has
 * the result and, for each 64 KiB, offset, length and SHA-256, in place of the content (see `DevicePort.transfer`). Faults:
 * `flash-mismatch`, those of `StoredData`.
 */
export function readStoredFirmware(
  request: StoredFirmwareRequest,
  signal: AbortSignal,
): Promise<StoredFirmware> {
  const { port, clock, onProgress } = request;
  return runTransfer(
    port,
    { name: 'stored firmware', clock, onProgress, work: (raw, tools) => read(request, raw, tools, signal) },
    signal,
  );
}

interface Tools {
  readonly clock: Clock;
  progress(value: FlashProgress): void;
  trace(line: string): void;
}

async function read(
  { version }: StoredFirmwareRequest,
  raw: DevicePort,
  { clock, progress, trace }: Tools,
  signal: AbortSignal,
): Promise<StoredFirmware> {
  using data = new StoredData(raw, clock);
  const info = await data.info(signal);
  if (info.version !== version) throw mismatch(version, `has version ${info.version}`);
  const totalBytes = info.bytes;
  trace(`the module has version ${version}, ${totalBytes} bytes, MD5 ${info.md5}`);
  const whole = { md5: createHash('md5'), sha256: createHash('sha256') };
  const begunMs = clock.monotonicMs();
  let [doneBytes, tracedBytes, block] = [0, 0, createHash('sha256')];
  while (doneBytes < totalBytes) {
    const wanted = Math.min(AT_LIMITS.longPayloadBytes, totalBytes - doneBytes);
    const bytes = await data.block(wanted, signal);
    if (bytes.length === 0) throw mismatch(version, `ends after ${doneBytes} of ${totalBytes} bytes`);
    for (const hash of [whole.md5, whole.sha256, block]) hash.update(bytes);
    doneBytes += bytes.length;
    if (doneBytes - tracedBytes < TRACED_BYTES && doneBytes < totalBytes) continue;
    trace(`read from ${tracedBytes}, ${doneBytes - tracedBytes} bytes, SHA-256 ${block.digest('hex')}`);
    [tracedBytes, block] = [doneBytes, createHash('sha256')];
    const speed = kbitPerSecond(doneBytes, clock.monotonicMs() - begunMs);
    progress({ stage: 'reading', image: version, doneBytes, totalBytes, kbitPerSecond: speed });
  }
  const md5 = whole.md5.digest('hex');
  if (md5 !== info.md5) throw mismatch(version, 'has another MD5 than it says');
  return { version, bytes: doneBytes, md5, sha256: whole.sha256.digest('hex') };
}

function mismatch(version: string, what: string): Fault {
  return new Fault('flash-mismatch', `the firmware that the module stored for its host ${what}`, {
    hint: 'Test it again; when it stays so, the module is faulty.',
    details: { version },
  });
}
