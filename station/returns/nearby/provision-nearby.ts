import { Fault } from '#shared/domain/fault.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { BLE_PROVISIONING, type ProvisioningReport } from '../../devices/protocols/index.ts';
import { networkOfRun, type Networks } from '../../execution/networks/index.ts';
import { type Provisioning, RunProvisioning } from '../../execution/provisioning/index.ts';
import { Recorder, recordingFile, wrapBle } from '../../execution/recording/index.ts';
import { concealSecretOfChip } from '../../execution/run-context/index.ts';
import type { BoundTriple, Ledger } from '../../identity/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { withNearby } from './nearby.ts';

export interface ProvisionNearbyOptions {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly registry: () => RegistryClient | null;
  readonly station: () => string;
}

export interface ProvisionRequest {
  readonly address: string;
  readonly method: string;
  /** Name of a Wi-Fi network of the station. */
  readonly network: string;
  readonly networks: Pick<Networks, 'find'>;
}

/** What the unit has said, and how long it took to be online. */
export interface ProvisionedNearby {
  readonly ssid: string | null;
  readonly stages: ProvisioningReport['stages'];
  readonly secondsToOnline: number | null;
}

export interface ProvisionsNearby {
  /** Provisions a unit that is near and ends its binding again, see `provisionNearby`. */
  provisionNearby(request: ProvisionRequest, by: Actor, signal: AbortSignal): Promise<ProvisionedNearby>;
}

const ANSWER_MS = 5000;
/** For the release of a unit whose provisioning was cancelled or has failed. */
const RELEASE_MS = 5000;
/** Firmware of Tencent takes up to 60 s to join. */
const JOIN_MS = 65_000;
const REPORT_MS = 30_000;

/**
 * Provisions a unit of the records that is near, as a customer would, and ends its binding again: whether it can still be connected.
 * All of it is recorded, as in a run, and written to the audit trail. Faults: `not-found` for a unit without an identity in the records,
 * `bad-input` for an unknown method, those of `Provisioning` and of the method.
 */
export async function provisionNearby(
  { database, ledger, platform, audit, registry, station }: ProvisionNearbyOptions,
  { address, method, network, networks }: ProvisionRequest,
  by: Actor,
  signal: AbortSignal,
): Promise<ProvisionedNearby> {
  const way = Object.entries(BLE_PROVISIONING).find(([name]) => name === method)?.[1];
  if (way === undefined) throw new Fault('bad-input', `"${method}" is no way of provisioning over Bluetooth`);
  const { chipId, bound } = unitOf(database, ledger, address);
  const { clock, paths } = platform;
  const returnId = platform.random.id();
  const header = { returnId, port: address, startedAtMs: clock.nowMs() };
  using recorder = new Recorder(recordingFile(paths.dataDir, returnId), header, clock);
  await concealSecretOfChip({ database, ledger, io: recorder }, chipId);
  const provisioning = new RunProvisioning({
    platform,
    registry: registry(),
    station: station(),
    bound: () => bound,
    isResumed: false,
    network: (name) => Promise.resolve().then(() => networkOfRun(networks, recorder, name)),
  });
  let secondsToOnline: number | null = null;
  const task: Provisioning = provisioning.ofAttempt(({ value }) => (secondsToOnline = value));
  try {
    const { token, awaitReported } = await task.start(signal);
    recorder.mask.protect([token]);
    const given = { ...(await task.network(network)), token };
    const options = { deviceName: bound.deviceName, answerMs: ANSWER_MS, joinMs: JOIN_MS };
    const central = wrapBle(recorder, platform.ble);
    const { mask } = recorder;
    const remember = (key: string, read: () => string): string => recorder.input('provisioning', key, read);
    const report = await withNearby(central, address, signal, (connection) =>
      way.provision({ connection, clock, mask, remember }, given, options, signal),
    );
    await awaitReported(REPORT_MS, signal);
    await task.release(signal);
    audit.record(by, 'returns.provision', chipId, { returnId, method, network, secondsToOnline });
    return { ssid: report.ssid, stages: mask.maskJson(report.stages), secondsToOnline };
  } catch (error) {
    // The desk may have bound the unit before it failed or was cancelled.
    await task.release(AbortSignal.timeout(RELEASE_MS)).catch(() => undefined);
    throw error instanceof Fault ? maskedFault(error, recorder.mask) : error;
  } finally {
    // What failed before is the fault; a binding that is left is ended by the next provisioning.
    await provisioning.end().catch(() => undefined);
  }
}

/** The fault as the desk may see it: a unit may say a secret in a message that cannot be read. */
function maskedFault({ code, message, hint, details }: Fault, mask: SecretMask): Fault {
  const more = { details: mask.maskJson(details), ...(hint === null ? {} : { hint }) };
  return new Fault(code, mask.maskText(message), more);
}

function unitOf(
  database: WritableDatabase,
  ledger: Ledger,
  address: string,
): { readonly chipId: string; readonly bound: BoundTriple } {
  const chipId = normalizeChipId(address);
  const unit = chipId === null ? null : database.units.findByChip(chipId);
  const bound = unit === null ? null : ledger.boundTo(unit.unitId);
  if (unit !== null && bound !== null) return { chipId: unit.chipId, bound };
  throw new Fault('not-found', `this station has no identity of the unit ${address}`, {
    hint: 'Only a unit that this station gave an identity can be provisioned: the registry expects its token.',
    details: { address },
  });
}
