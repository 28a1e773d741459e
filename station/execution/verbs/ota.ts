import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { otaFailureWords, otaStageWords } from '#shared/domain/ota.ts';
import { BATCH_FIRMWARE, type StepOf } from '#shared/recipe/index.ts';
import type { OtaUpdate } from '#shared/registry-api/index.ts';
import type { FlashProgress } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { requireCloud } from './cloud-control.ts';
import { UpdateHost } from './ota-host.ts';

const POLL_MS = 250;
/** Longest wait for the registry at the end of a step that was stopped. */
const CANCEL_MS = 5_000;

/**
 * Updates the firmware of the unit over the network, and waits until it has reported the new version and is online again. An
 * update that the unit has not begun is cancelled when the step ends without it.
 * Faults: `ota-failed` with what the unit says, `ota-timeout` with what was seen last, `ota-firmware-missing`, `recipe-invalid`,
 * `not-configured`, `flash-mismatch` for a module that has stored other firmware, those of the registry and of commands.
 */
export async function ota(step: StepOf<'ota'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { registry, bound } = requireCloud(run);
  const { productId, deviceName } = bound;
  const { clock } = run.platform;
  const wanted = step.to === BATCH_FIRMWARE ? run.batchFirmware() : { sha256: null, version: step.to };
  const key = run.platform.random.id();
  const begunMs = clock.monotonicMs();
  const untilMs = begunMs + step.withinMs;
  const request = {
    key,
    firmware: wanted.sha256 === null ? { version: wanted.version } : { sha256: wanted.sha256 },
    withinMs: step.withinMs,
  };
  const host = step.host === 'station' ? new UpdateHost(run) : null;
  await host?.report(run.unit?.info.firmwareVersion ?? 'factory', signal);
  let update = await registry
    .requestUpdate(productId, deviceName, request, signal)
    .catch((error: unknown) => {
      throw asFirmwareFault(error, wanted.version);
    });
  let changedMs = begunMs;
  let isRead = false;
  try {
    for (;;) {
      run.showFlash(progressOf(update));
      const reply = await registry.updates(productId, deviceName, signal);
      const next = reply.updates.find((one) => one.key === key) ?? update;
      if (next.changedMs !== update.changedMs) changedMs = clock.monotonicMs();
      update = next;
      if (update.state === 'failed') throw failed(update, deviceName);
      if (update.state === 'succeeded' && reply.connection === 'online') break;
      if (host !== null && !isRead && update.stage === 'done') {
        await host.readFirmware({ ...wanted, version: update.version }, signal);
        isRead = true;
        await host.report(update.version, signal);
      }
      const nowMs = clock.monotonicMs();
      const isStalled = step.stallMs !== undefined && nowMs - changedMs >= step.stallMs;
      if (isStalled || nowMs >= untilMs)
        throw timedOut(update, deviceName, isStalled ? (step.stallMs ?? 0) : step.withinMs);
      await clock.sleep(POLL_MS, signal);
    }
    record(update, Math.round(clock.monotonicMs() - begunMs) / 1000, run);
  } finally {
    run.showFlash(null);
    if (update.state === 'pending' || update.state === 'pushed')
      await cancel(run, { productId, deviceName, key });
  }
  throwIfAborted(signal);
}

/** At the end of a step that failed or was stopped: the fault of the step is the one that counts. */
async function cancel(
  run: RunContext,
  { productId, deviceName, key }: { productId: string; deviceName: string; key: string },
): Promise<void> {
  try {
    await requireCloud(run).registry.cancelUpdate(productId, deviceName, key, AbortSignal.timeout(CANCEL_MS));
  } catch (error) {
    run.note(`the update was not cancelled: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function record(update: OtaUpdate, seconds: number, run: RunContext): void {
  const measure = (name: string, value: string | number, unit: string | null = null): void =>
    run.measure({ name, value, unit, limits: '', outcome: 'PASS' });
  measure('ota-seconds', seconds, 's');
  if (update.fromVersion !== null) measure('ota-from-version', update.fromVersion);
  measure('ota-to-version', update.version);
  measure('ota-attempts', update.attempts);
  if (update.bytesPerSecond !== null)
    measure('ota-speed', Math.round((update.bytesPerSecond * 8) / 1000), 'kbit/s');
}

/** The update as the tile of the slot shows it. */
function progressOf({ state, stage, percent, sizeBytes, bytesPerSecond, version }: OtaUpdate): FlashProgress {
  const isWhole = stage === 'burning' || stage === 'done';
  const doneBytes = isWhole ? sizeBytes : Math.round((sizeBytes * (percent ?? 0)) / 100);
  const kbitPerSecond = bytesPerSecond === null ? null : (bytesPerSecond * 8) / 1000;
  const shown = { image: version, totalBytes: sizeBytes, kbitPerSecond };
  if (state === 'succeeded' || stage === 'done') return { stage: 'restarting', ...shown, doneBytes };
  if (stage === 'burning') return { stage: 'writing', ...shown, doneBytes };
  if (stage === 'downloading') return { stage: 'downloading', ...shown, doneBytes };
  return { stage: 'connecting', ...shown, doneBytes: 0 };
}

/** A refusal for firmware that is not at the registry, or not online there. */
function asFirmwareFault(error: unknown, version: string): unknown {
  if (!(error instanceof Fault) || error.code !== 'registry-refused') return error;
  const { firmware } = error.details;
  if (firmware !== 'missing' && firmware !== 'offline') return error;
  const isMissing = firmware === 'missing';
  return new Fault(
    'ota-firmware-missing',
    `version ${version} is ${isMissing ? 'not at the registry' : 'offline at the registry'}, so that no unit can download it`,
    {
      hint: isMissing
        ? 'Upload it with "firmware upload ID" and put it online with "firmware online ID".'
        : 'Put it online with "firmware online ID".',
      details: { version },
      cause: error,
    },
  );
}

function failed(update: OtaUpdate, deviceName: string): Fault {
  const { failure, resultCode, resultText, version } = update;
  if (failure === null || failure === 'time-out') return timedOut(update, deviceName, null);
  const [en, zh] = (['en', 'zh-CN'] as const).map((language) =>
    otaFailureWords({ failure, resultCode }, language),
  );
  return new Fault('ota-failed', `${deviceName} could not install version ${version}: ${en ?? ''}`, {
    hint: 'Test it again; when it stays so, the unit or the firmware is faulty.',
    details: {
      version,
      'meaning.en': en ?? '',
      'meaning.zh-CN': zh ?? '',
      code: resultCode,
      ...(resultText === '' ? {} : { said: resultText }),
    },
  });
}

function timedOut(update: OtaUpdate, deviceName: string, timeoutMs: number | null): Fault {
  const [en, zh] = (['en', 'zh-CN'] as const).map((language) => otaStageWords(update, language));
  const what = update.state === 'succeeded' ? 'is not online again after' : 'did not end';
  return new Fault(
    'ota-timeout',
    `${deviceName} ${what} the update to version ${update.version}: ${en ?? ''}`,
    {
      hint: 'Check the network of the unit; allow more time (withinMs) for a large firmware.',
      details: { version: update.version, 'stage.en': en ?? '', 'stage.zh-CN': zh ?? '', timeoutMs },
    },
  );
}
