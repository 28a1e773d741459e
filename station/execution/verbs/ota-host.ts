import { AT_COMMANDS, AT_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readStoredFirmware } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

const COMMAND = { timeoutMs: 10_000 } as const;

/**
 * What the microcontroller beside an AT module does for updates, in place of it: it switches them on, reads the firmware that the module
 * has stored, and reports the version that it runs. Source: Tencent's AT command set V3.2.1, `TCOTASET`.
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
   * Reads the firmware from the module, measures its size and digest, and compares the digest with the wanted one where it is known.
   * Faults: `flash-mismatch`, those of `readStoredFirmware`.
   */
  async readFirmware(
    { version, sha256: wanted }: { readonly version: string; readonly sha256: string | null },
    signal: AbortSignal,
  ): Promise<void> {
    const run = this.#run;
    const { serial, platform } = run;
    const { bytes, sha256 } = await readStoredFirmware(
      {
        version,
        port: serial.port,
        clock: platform.clock,
        onProgress: (progress) => run.showFlash(progress),
      },
      signal,
    );
    // The module computes its MD5 from what it has, which may be other firmware.
    if (wanted !== null && sha256 !== wanted)
      throw new Fault(
        'flash-mismatch',
        'the firmware that the module stored for its host is not that of the batch',
        {
          hint: 'Test it again; when it stays so, the module is faulty.',
          details: { version },
        },
      );
    run.measure({ name: 'ota-read', value: bytes, unit: 'byte', limits: '', outcome: 'PASS' });
    run.measure({ name: 'ota-read-sha256', value: sha256, unit: null, limits: '', outcome: 'PASS' });
  }
}
