import { createHash } from 'node:crypto';
import { AT_COMMANDS, AT_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RunContext } from '../run-context/index.ts';

const COMMAND = { timeoutMs: 10_000 } as const;
const INFO = /^\+TCFWINFO:\s*"([^"]*)",(\d+),"([0-9a-fA-F]{32})"/;
const DATA = /^\+TCREADFWDATA:\s*(\d+),([0-9a-fA-F]*)$/;

/**
 * What the microcontroller beside an AT module does for updates, in place of it: it switches them on, reads the firmware that the module
 * has stored, and reports the version that it runs. Source: Tencent's AT command set V3.2.1, `TCOTASET`, `TCFWINFO`, `TCREADFWDATA`.
 */
export class UpdateHost {
  readonly #run: RunContext;

  constructor(run: RunContext) {
    this.#run = run;
  }

  /** Reports the version that runs, from which the cloud knows that the module takes updates. Faults: those of a command. */
  async report(version: string, signal: AbortSignal): Promise<void> {
    const text = version.slice(0, AT_LIMITS.firmwareVersionBytes);
    await this.#run.device.command(`${AT_COMMANDS.otaSet}=1,"${text}"`, COMMAND, signal);
  }

  /**
   * Reads the firmware from the module and compares it with what the module says of it, and with its hash where it is known. Returns
   * its size in bytes. Faults: `flash-mismatch`, those of a command.
   */
  async readFirmware(
    { version, sha256 }: { readonly version: string; readonly sha256: string | null },
    signal: AbortSignal,
  ): Promise<number> {
    const lines = await this.#run.device.command(`${AT_COMMANDS.firmwareInfo}?`, COMMAND, signal);
    const info = find(lines, INFO);
    const [, stored = '', size = '', md5 = ''] = info ?? [];
    if (stored !== version)
      throw mismatch(version, info === null ? 'gives no firmware' : `has version ${stored}`);
    const hash = createHash('md5');
    const content = createHash('sha256');
    let received = 0;
    while (received < Number(size)) {
      const wanted = Math.min(AT_LIMITS.longPayloadBytes, Number(size) - received);
      const answer = await this.#run.device.command(`${AT_COMMANDS.readFirmware}=${wanted}`, COMMAND, signal);
      const [, length = '0', hex = ''] = find(answer, DATA) ?? [];
      const bytes = Buffer.from(hex, 'hex');
      if (bytes.length === 0 || bytes.length !== Number(length))
        throw mismatch(version, `ends after ${received} of ${size} bytes`);
      hash.update(bytes);
      content.update(bytes);
      received += bytes.length;
    }
    if (hash.digest('hex') !== md5.toLowerCase()) throw mismatch(version, 'has another MD5 than it says');
    // The module computes the MD5 of what it has, which may be other firmware.
    if (sha256 !== null && content.digest('hex') !== sha256)
      throw mismatch(version, 'is other firmware than that of the batch');
    return received;
  }
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
