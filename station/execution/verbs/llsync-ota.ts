import { crc } from '#shared/codec/crc.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { updateFirmware } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

const MAX_LINKS = 3;
/** The largest firmware that is sent over Bluetooth: at 10 kB/s it takes half an hour. */
const MAX_FIRMWARE_BYTES = 16 * 1024 * 1024;
const RECONNECT_PAUSE_MS = 500;

/**
 * Sends firmware to the unit, and requires its version after the restart. A transfer whose connection breaks is resumed where the
 * unit says. Faults: those of `updateFirmware`, `LlsyncDevice`, `RunContext.readFirmware`; `limit-exceeded` for another version.
 */
export async function llsyncOta(
  step: StepOf<'llsync-ota'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { answerMs } = step;
  const version = run.scope.text(step.version);
  const { bytes, crc32 } = await readFirmware(step.file ?? null, run);
  const { clock } = run.platform;
  const rebootMs = await repeatOnLoss(run, () =>
    run.llsync.use(
      answerMs,
      async (device) => {
        await device.connect(signal);
        const onProgress = (received: number): void =>
          run.note(`the unit has ${received} of ${bytes.length} bytes`);
        return (
          await updateFirmware(device, { firmware: { bytes, crc32, version }, answerMs, onProgress }, signal)
        ).rebootMs;
      },
      signal,
    ),
  );
  await run.ble.disconnect();
  const untilMs = clock.monotonicMs() + rebootMs + answerMs;
  for (;;) {
    const running = await runningVersion(step, run, signal);
    if (running === version) break;
    if (clock.monotonicMs() >= untilMs)
      throw new Fault(
        'limit-exceeded',
        `the unit runs firmware ${running ?? 'that does not answer'}, not ${version}`,
        {
          hint: 'Test it again; when it stays so, the unit is faulty.',
          details: { measurement: 'firmware-version', value: running, limits: version },
        },
      );
    await run.ble.disconnect();
    await clock.sleep(RECONNECT_PAUSE_MS, signal);
  }
  run.measure({ name: 'firmware-version', value: version, unit: null, limits: version, outcome: 'PASS' });
}

/** Size and CRC are recorded, the content is not: a replay has other bytes. Faults: those of `RunContext.readFirmware`. */
async function readFirmware(
  file: string | null,
  run: RunContext,
): Promise<{ readonly bytes: Uint8Array; readonly crc32: number }> {
  let bytes: Uint8Array | null = null;
  const { value } = await run.io.request(
    { kind: 'firmware', key: file ?? 'firmware of the batch' },
    async () => {
      ({ bytes } = await run.readFirmware(file, MAX_FIRMWARE_BYTES));
      return { value: { size: bytes.length, crc32: crc('crc32', bytes) } };
    },
  );
  const { size, crc32 } = value as { readonly size: number; readonly crc32: number };
  return { bytes: bytes ?? new Uint8Array(size), crc32 };
}

async function repeatOnLoss<T>(run: RunContext, work: () => Promise<T>): Promise<T> {
  for (let links = 1; ; links++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'ble-lost') || links === MAX_LINKS) throw error;
      run.note(`${error.message}; the transfer goes on`);
    }
  }
}

/** What the unit says; `null` while it restarts. */
async function runningVersion(
  { answerMs }: StepOf<'llsync-ota'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    return await run.llsync.use(answerMs, async (device) => (await device.connect(signal)).text, signal);
  } catch (error) {
    if (error instanceof Fault && error.class === 'unit') return null;
    throw error;
  }
}
