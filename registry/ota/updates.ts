import { isOtaRunning } from '#shared/domain/ota.ts';
import type { OtaRequest, OtaUpdate } from '#shared/registry-api/index.ts';
import type { DownloadUrlSigner } from '../firmware/index.ts';
import { randomId, type RegistryLog } from '../platform.ts';
import { RegistryError } from '../registry-error.ts';
import type { FirmwareRow, OtaUpdateRow, Store } from '../store/index.ts';
import { nextUpdate, type OtaProgress, speedOf, type UpdateEvent, type UpdateState } from './update-state.ts';

/** A device as the update of one names it. */
export interface UpdatedDevice {
  readonly id: number;
  readonly productId: string;
  readonly deviceName: string;
}

export interface UpdatesOptions {
  readonly store: Store;
  readonly urlSigner: Pick<DownloadUrlSigner, 'sign'>;
  readonly nowMs: () => number;
  readonly log: RegistryLog;
  /** A device that can receive messages on `$ota/update/…`; null when it is not connected or has not subscribed. */
  readonly linkTo: (device: UpdatedDevice) => UpdateLink | null;
}

export interface UpdateLink {
  /** The same object for the same connection. */
  readonly connection: object;
  /** The address of the registry's HTTP service as the device reaches it. */
  readonly baseUrl: string;
  send(message: Readonly<Record<string, unknown>>): void;
}

/** The updates of firmware of all devices. Errors are `RegistryError`s with the codes below. */
export interface Updates {
  /**
   * Asks for an update, which is sent at once to a connected device, else when it logs in. A repeated request gets the same
   * update. It takes the place of an earlier one; another version that the device is installing stays.
   * Errors: `not-found` for a firmware that is not there or not complete; `conflict` while it is offline, when the key has
   * another request, and while the device installs another version.
   */
  request(device: UpdatedDevice, station: string, request: OtaRequest): OtaUpdate;
  /** Errors: `not-found`; `conflict` when the device has begun the update. */
  cancel(device: UpdatedDevice, station: string, key: string): OtaUpdate;
  /** Newest first. */
  list(device: UpdatedDevice): OtaUpdate[];
  /** The device has subscribed to its updates. */
  subscribed(device: UpdatedDevice): void;
  /** The device has reported its version: the update succeeded, or is sent again. */
  reported(device: UpdatedDevice, version: string): void;
  /** False when there is no such update: the device reports nonsense. */
  progressed(device: UpdatedDevice, progress: OtaProgress): boolean;
}

const LISTED = 20;

export function createUpdates(options: UpdatesOptions): Updates {
  const { store, nowMs, log } = options;
  /** Devices that an update is to be sent to as soon as they subscribe. */
  const unsent = new Set<number>();
  /** The connection that the running update of a device was sent on. */
  const sentOn = new Map<number, object>();

  /** Stores the update after an event. */
  function apply(row: OtaUpdateRow, event: UpdateEvent): OtaUpdateRow {
    const before = stateOf(row);
    const after = nextUpdate(before, event, nowMs());
    if (after === before) return row;
    const { state, failure, fromVersion, resultCode, resultText, changedMs, attempt } = after;
    const { updateId } = row;
    store.write(() => {
      store.ota.save({ updateId, state, failure, fromVersion, resultCode, resultText, changedMs });
      if (attempt !== null && attempt !== before.attempt) {
        const { number, ...rest } = attempt;
        store.ota.saveAttempt({ updateId, attempt: number, ...rest });
      }
    });
    if (state !== row.state)
      log({
        level: 'info',
        event: `ota.${state}`,
        details: { taskId: row.taskId, version: row.version, failure },
      });
    return store.ota.find(row.taskId, row.deviceId) ?? row;
  }

  /** The update of a device that runs, after the time was looked at. */
  function runningOf(device: UpdatedDevice): OtaUpdateRow | null {
    const row = store.ota.running(device.id);
    if (row === null) return null;
    const now = apply(row, { kind: 'time' });
    return isOtaRunning(now.state) ? now : null;
  }

  /** Sends the running update of a device that can receive it. */
  function push(device: UpdatedDevice, row: OtaUpdateRow): OtaUpdateRow {
    const link = options.linkTo(device);
    if (link === null) {
      unsent.add(device.id);
      return row;
    }
    unsent.delete(device.id);
    sentOn.set(device.id, link.connection);
    const atMs = nowMs();
    const { path } = options.urlSigner.sign(row.firmwareId, atMs, Math.max(0, row.deadlineMs - atMs));
    const message = {
      type: 'update_firmware',
      version: row.version,
      url: link.baseUrl + path,
      md5sum: row.md5,
      file_size: row.sizeBytes,
    };
    const after = apply(row, { kind: 'pushed' });
    if (!isOtaRunning(after.state)) return after;
    link.send(message);
    return after;
  }

  function forget(device: UpdatedDevice): void {
    unsent.delete(device.id);
    sentOn.delete(device.id);
  }

  function firmwareOf(productId: string, wanted: OtaRequest['firmware']): FirmwareRow {
    const what =
      'version' in wanted ? `version ${wanted.version}` : `the firmware ${wanted.sha256.slice(0, 12)}…`;
    const row =
      'version' in wanted
        ? store.firmware.findComplete(productId, wanted.version)
        : store.firmware
            .list(productId)
            .find((one) => one.sha256 === wanted.sha256 && one.state !== 'uploading');
    if (row == null)
      throw new RegistryError(
        'not-found',
        `${what} of ${productId} is not at the registry`,
        'Upload it at the station and put it online.',
        { firmware: 'missing' },
      );
    if (row.state === 'online') return row;
    throw new RegistryError(
      'conflict',
      `version ${row.version} of ${productId} is offline (下线)`,
      'Put it online, so that devices can download it.',
      { firmware: 'offline' },
    );
  }

  return {
    request(device, station, request) {
      const { key, withinMs } = request;
      return store.write(() => {
        const known = store.ota.findTask(station, key);
        if (known !== null) {
          const firmware = store.firmware.byId(known.firmwareId);
          const row = store.ota.find(known.taskId, device.id);
          const isSame =
            'version' in request.firmware
              ? firmware?.version === request.firmware.version
              : firmware?.sha256 === request.firmware.sha256;
          if (row !== null && isSame) return viewOf(apply(row, { kind: 'time' }));
          throw new RegistryError(
            'conflict',
            `the key ${key} belongs to another update of this station`,
            'Use a new key for a new update.',
          );
        }
        const firmware = firmwareOf(device.productId, request.firmware);
        const running = runningOf(device);
        if (running?.state === 'updating' && running.firmwareId !== firmware.firmwareId) {
          throw new RegistryError(
            'conflict',
            `${device.deviceName} installs version ${running.version} just now`,
            'Wait until that update has ended.',
            { version: running.version, deadlineMs: running.deadlineMs },
          );
        }
        if (running !== null) apply(running, { kind: 'superseded' });
        const [createdMs, taskId, { productId }] = [nowMs(), randomId(), device];
        const { firmwareId } = firmware;
        store.ota.insertTask({ taskId, productId, firmwareId, station, key, withinMs, createdMs });
        const from = store.devices.view(productId, device.deviceName)?.firmwareVersion ?? null;
        store.ota.insertUpdate(taskId, device.id, from, createdMs, createdMs + withinMs);
        const row = store.ota.find(taskId, device.id);
        if (row === null) throw new Error('an update that was just stored is missing');
        return viewOf(push(device, row));
      });
    },
    cancel(device, station, key) {
      const task = store.ota.findTask(station, key);
      const row = task === null ? null : store.ota.find(task.taskId, device.id);
      if (row === null)
        throw new RegistryError(
          'not-found',
          `there is no update ${key} of ${device.deviceName}`,
          'Check the key.',
        );
      const after = apply(apply(row, { kind: 'time' }), { kind: 'cancelled' });
      if (after.state !== 'updating') return viewOf(after);
      throw new RegistryError(
        'conflict',
        `${device.deviceName} has begun the update to ${row.version}`,
        'Wait until it has ended: an update that has begun is not stopped.',
      );
    },
    list(device) {
      runningOf(device);
      return store.ota.ofDevice(device.id, LISTED).map(viewOf);
    },
    subscribed(device) {
      const row = runningOf(device);
      if (row !== null && (row.state === 'pending' || unsent.has(device.id))) push(device, row);
    },
    reported(device, version) {
      const row = runningOf(device);
      if (row === null) return forget(device);
      const after = apply(row, { kind: 'version', version });
      if (!isOtaRunning(after.state)) return forget(device);
      // The report that follows a login may be under way while the update is sent: it does not ask for it again.
      const connection = options.linkTo(device)?.connection;
      const isUnderWay =
        after.state === 'pushed' && connection !== undefined && connection === sentOn.get(device.id);
      if (!isUnderWay) push(device, after);
    },
    progressed(device, progress) {
      const row = runningOf(device);
      if (row !== null && row.version === progress.version && row.attempt > 0) {
        apply(row, { kind: 'progress', progress });
        return true;
      }
      // A message of an update that has just ended is late, which is not nonsense.
      return store.ota.ofDevice(device.id, 1).some(({ version }) => version === progress.version);
    },
  };
}

function stateOf(row: OtaUpdateRow): UpdateState {
  const { attempt: number, pushedMs, stage, percent, percentMs, firstPercent, firstPercentMs } = row;
  const attempt =
    pushedMs === null ? null : { number, pushedMs, stage, percent, percentMs, firstPercent, firstPercentMs };
  return { ...row, attempt };
}

function viewOf(row: OtaUpdateRow): OtaUpdate {
  return {
    taskId: row.taskId,
    key: row.key,
    station: row.station,
    firmwareId: row.firmwareId,
    version: row.version,
    sizeBytes: row.sizeBytes,
    state: row.state,
    failure: row.failure,
    fromVersion: row.fromVersion,
    attempts: row.attempt,
    stage: row.stage,
    percent: row.percent,
    resultCode: row.resultCode,
    resultText: row.resultText,
    bytesPerSecond: speedOf(stateOf(row).attempt, row.sizeBytes),
    createdMs: row.createdMs,
    changedMs: row.changedMs,
    deadlineMs: row.deadlineMs,
  };
}
