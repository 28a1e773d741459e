import { createHash } from 'node:crypto';
import { AT_COMMANDS, AT_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { type FlashProgress, kbitPerSecond, runTransfer } from '../flashing/index.ts';
import { AtChannel } from './at-channel.ts';
import { exchangeWhenReady } from './exchange-when-ready.ts';

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
  readonly mask: SecretMask;
  onProgress(progress: FlashProgress): void;
}

const COMMAND = { timeoutMs: 10_000 } as const;
/** What one line of the recording stands for. */
const TRACED_BYTES = 65_536;
const INFO = /^\+TCFWINFO:\s*"([^"]*)",(\d+),"([0-9a-fA-F]{32})"/;
const DATA = /^\+TCREADFWDATA:\s*(\d+),([0-9a-fA-F]*)$/;

/**
 * Reads the firmware that an AT module has stored for its host, and compares it with the MD5 that the module gives. The recording has
 * the result and, for each 64 KiB, offset, length and SHA-256, in place of the content (see `DevicePort.transfer`). Source: Tencent's
 * AT command set V3.2.1, `TCFWINFO`, `TCREADFWDATA`. Faults: `flash-mismatch`, those of a command.
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
  { version, mask }: StoredFirmwareRequest,
  raw: DevicePort,
  { clock, progress, trace }: Tools,
  signal: AbortSignal,
): Promise<StoredFirmware> {
  const channel = new AtChannel(raw, { clock, mask });
  const ask = (command: string): Promise<string[]> =>
    exchangeWhenReady({ channel, clock }, command, COMMAND, signal);
  const info = find(await ask(`${AT_COMMANDS.firmwareInfo}?`), INFO);
  const [, stored = '', size = '', given = ''] = info ?? [];
  if (stored !== version) throw mismatch(version, info === null ? 'is missing' : `has version ${stored}`);
  const totalBytes = Number(size);
  trace(`the module has version ${stored}, ${totalBytes} bytes, MD5 ${given.toLowerCase()}`);
  const whole = { md5: createHash('md5'), sha256: createHash('sha256') };
  const begunMs = clock.monotonicMs();
  let [doneBytes, tracedBytes, block] = [0, 0, createHash('sha256')];
  while (doneBytes < totalBytes) {
    const wanted = Math.min(AT_LIMITS.longPayloadBytes, totalBytes - doneBytes);
    const [, length = '0', hex = ''] = find(await ask(`${AT_COMMANDS.readFirmware}=${wanted}`), DATA) ?? [];
    const bytes = Buffer.from(hex, 'hex');
    const isWrong = bytes.length === 0 || bytes.length > wanted || bytes.length !== Number(length);
    if (isWrong) throw mismatch(version, `ends after ${doneBytes} of ${totalBytes} bytes`);
    for (const hash of [whole.md5, whole.sha256, block]) hash.update(bytes);
    doneBytes += bytes.length;
    if (doneBytes - tracedBytes < TRACED_BYTES && doneBytes < totalBytes) continue;
    trace(`read from ${tracedBytes}, ${doneBytes - tracedBytes} bytes, SHA-256 ${block.digest('hex')}`);
    [tracedBytes, block] = [doneBytes, createHash('sha256')];
    const speed = kbitPerSecond(doneBytes, clock.monotonicMs() - begunMs);
    progress({ stage: 'reading', image: version, doneBytes, totalBytes, kbitPerSecond: speed });
  }
  const md5 = whole.md5.digest('hex');
  if (md5 !== given.toLowerCase()) throw mismatch(version, 'has another MD5 than it says');
  return { version, bytes: doneBytes, md5, sha256: whole.sha256.digest('hex') };
}

function find(lines: readonly string[], pattern: RegExp): RegExpExecArray | null {
  for (const line of lines) {
    const match = pattern.exec(line.trim());
    if (match !== null) return match;
  }
  return null;
}

function mismatch(version: string, what: string): Fault {
  return new Fault('flash-mismatch', `the firmware that the module stored for its host ${what}`, {
    hint: 'Test it again; when it stays so, the module is faulty.',
    details: { version },
  });
}
