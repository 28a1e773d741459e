import type {
  AuditHead,
  AuditTrailReply,
  BindTokenReply,
  BindTokenRequest,
  BindTokenView,
  ControlReply,
  ControlRequest,
  DeviceEventsReply,
  DevicesReply,
  DeviceView,
  EventResult,
  FirmwareUploadReply,
  FirmwareUploadRequest,
  RegistryFirmware,
  HealthReply,
  OtaReply,
  OtaRequest,
  OtaUpdate,
  LeaseRequest,
  LeaseReturnReply,
  LoginProofReply,
  ProductRegistrationReply,
  OwnerReply,
  RefusalsReply,
  RegistryEvent,
  StationKeyReply,
  StationRunsReply,
  UnbindReply,
  UnitReply,
} from '#shared/registry-api/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Makes the proof for a message about a triple, see `secretProofText`; undefined when there is none. */
export type SecretProver = (
  key: string,
  identity: { readonly productId: string; readonly deviceName: string },
) => string | undefined;

/**
 * A cloud registry. Faults of every call: `registry-untrusted` (the certificate is not trusted; nothing was sent),
 * `registry-unreachable` (no reply, or one that asks to try later: repeat the call), `registry-refused` (repeating the call
 * gives the same reply: a person must act), `pool-empty` for leases, and the signal's reason (`cancelled` when that is not a
 * Fault).
 */
export interface RegistryClient extends ProvisioningRegistry {
  /** Service, version and time of the registry. */
  health(signal: AbortSignal): Promise<HealthReply>;
  /** Host of the registry's address, where its broker is, too. */
  host(signal: AbortSignal): Promise<string>;
  /** Leases `count` triples or none. A repeated request gets the same block. Dispose of the block to wipe its secrets. */
  lease(request: LeaseRequest, signal: AbortSignal): Promise<LeasedBlock>;
  /** Returns triples that were never claimed. May be repeated. */
  returnLease(
    leaseId: string,
    deviceNames: readonly string[],
    signal: AbortSignal,
  ): Promise<LeaseReturnReply>;
  /** One result per event, in the same order. At most 1000 events. May be repeated. */
  sendEvents(events: readonly RegistryEvent[], signal: AbortSignal): Promise<readonly EventResult[]>;
  /** Null when the registry has no device of this name. */
  device(productId: string, deviceName: string, signal: AbortSignal): Promise<DeviceView | null>;
  /**
   * Reports from which unit an identity logged in; the registry stores the first report. May be repeated. Null at a
   * registry without such reports.
   */
  reportLogin(
    productId: string,
    deviceName: string,
    chipId: string,
    signal: AbortSignal,
  ): Promise<LoginProofReply | null>;
  /** How units of a product register themselves, with the product's secret; for a station with a lease of it. */
  readRegistration(productId: string, signal: AbortSignal): Promise<ProductRegistrationReply>;
  /** Sends a device an action or property values over MQTT; `code` is null when it did not answer in time. */
  control(
    productId: string,
    deviceName: string,
    request: ControlRequest,
    signal: AbortSignal,
  ): Promise<ControlReply>;
  /** Asks for the update of a device; a repeated request gets the same update. */
  requestUpdate(
    productId: string,
    deviceName: string,
    request: OtaRequest,
    signal: AbortSignal,
  ): Promise<OtaUpdate>;
  /** The latest updates of a device, newest first. */
  updates(productId: string, deviceName: string, signal: AbortSignal): Promise<OtaReply>;
  /** Ends an update that the device has not begun; one that it has begun is refused. May be repeated. */
  cancelUpdate(productId: string, deviceName: string, key: string, signal: AbortSignal): Promise<OtaUpdate>;
  /**
   * What the registry refused devices over MQTT since an instant, newest first: of one device, or, without a name, of the
   * station's devices and of unknown clients. Null at a registry that does not record refusals.
   */
  refusals(
    name: { readonly productId: string; readonly deviceName: string } | null,
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<RefusalsReply | null>;
  /** Null when the registry has no record of the unit. */
  unit(chipId: string, signal: AbortSignal): Promise<UnitReply | null>;
  /**
   * The runs that this station has reported, ordered by id, from the one after `after` ("" for the first); `more` says
   * whether there are others. Null at a registry without this call.
   */
  stationRuns(after: string, signal: AbortSignal): Promise<StationRunsReply | null>;
  /**
   * Devices of a product that are leased to this station or were burned by it, 500 at a time; `cursor` is the `nextCursor` of the
   * page before, null for the first.
   */
  devices(productId: string, cursor: string | null, signal: AbortSignal): Promise<DevicesReply>;
  /** Sends a file that is kept under its key; may be repeated, and goes on where the call before ended. */
  sendReport(report: SentReport, signal: AbortSignal): Promise<void>;
  readonly keys: StationKeyRegistry;
  readonly firmware: FirmwareRegistry;
  readonly audit: AuditRegistry;
}

/** Provisioning tokens of this station, owners and events of devices. Every call may be repeated. Faults: those of `RegistryClient`. */
export interface ProvisioningRegistry {
  /** Makes a provisioning token, which is a secret; the same `key` gives the same token. */
  makeBindToken(request: BindTokenRequest, signal: AbortSignal): Promise<BindTokenReply>;
  readBindToken(tokenId: string, signal: AbortSignal): Promise<BindTokenView>;
  /** Binds the device that has reported the token to an owner. */
  bindDevice(tokenId: string, owner: string, key: string, signal: AbortSignal): Promise<BindTokenView>;
  /** Withdraws a token that is not bound. */
  withdrawBindToken(tokenId: string, signal: AbortSignal): Promise<BindTokenView>;
  /** Null when the registry has no device of this name, or does not know owners. */
  readOwner(productId: string, deviceName: string, signal: AbortSignal): Promise<OwnerReply | null>;
  /** Ends the binding of a device. `owner` null: of any owner. */
  unbindDevice(
    productId: string,
    deviceName: string,
    given: { readonly reason: string; readonly by: string; readonly owner: string | null },
    signal: AbortSignal,
  ): Promise<UnbindReply>;
  /** The events of a device with a number above `since`, oldest first; null as for `readOwner`. */
  readDeviceEvents(
    productId: string,
    deviceName: string,
    since: number,
    signal: AbortSignal,
  ): Promise<DeviceEventsReply | null>;
}

/** Leased triples. Their secrets are bytes, which are wiped when the block is disposed of. */
export interface LeasedBlock extends Disposable {
  readonly leaseId: string;
  readonly productId: string;
  readonly triples: readonly {
    readonly deviceName: string;
    /** ASCII text: base64 or hex digits, as the cloud writes it. */
    readonly deviceSecret: Uint8Array;
  }[];
}

/** A report as it is sent to a registry. */
export interface SentReport {
  /** What it is of: a registry keeps one content for each key of a station. */
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Of the file, in hex. */
  readonly sha256: string;
}

/** A public key with which the station signs documents. */
export interface ReportedKey {
  readonly keyId: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** The signature of these bytes by the key itself. */
  readonly proof: Uint8Array;
  readonly createdAtMs: number;
}

/** The keys of stations at the registry. */
export interface StationKeyRegistry {
  /** Reports the keys of this station that this client has not reported yet. May be repeated. */
  report(keys: readonly ReportedKey[], signal: AbortSignal): Promise<void>;
  /** The stations that have reported a key; needs no token. Null when the registry does not know it. */
  find(keyId: string, signal: AbortSignal): Promise<StationKeyReply | null>;
}

/** What the registry stores of this station's audit trail. */
export interface AuditRegistry {
  /** Null at a registry that stores no audit trails. */
  fetch(signal: AbortSignal): Promise<AuditTrailReply | null>;
  /** Reports the head of the trail, as every `sendEvents` does, unless the registry has it already. */
  report(signal: AbortSignal): Promise<void>;
}

/** The part of this station's audit trail that a registry stores and compares. */
export interface AuditSource {
  head(): AuditHead;
  /** Null when the trail has no such entry. */
  hashAt(seq: number): string | null;
  /** The registry has compared; `broken`: it has entries that are not in the trail, and the break was not accepted. */
  onVerified(broken: boolean): void;
}

/** The firmware of a registry. Every call may be repeated. Faults: those of `RegistryClient`. */
export interface FirmwareRegistry {
  /** Announces an upload, or continues one: `receivedBytes` is the next offset. */
  begin(request: FirmwareUploadRequest, signal: AbortSignal): Promise<FirmwareUploadReply>;
  /**
   * Sends the bytes from `offset`. A `registry-refused` whose details have `receivedBytes` asks to continue there.
   * `sha256` is that of `bytes`, in hex.
   */
  send(
    firmwareId: string,
    chunk: {
      readonly offset: number;
      readonly totalBytes: number;
      readonly bytes: Uint8Array;
      readonly sha256: string;
    },
    signal: AbortSignal,
  ): Promise<FirmwareUploadReply>;
  /** The registry reads the whole content again, which takes its time, and answers with its hashes. */
  complete(firmwareId: string, signal: AbortSignal): Promise<RegistryFirmware>;
  setState(firmwareId: string, state: 'offline' | 'online', signal: AbortSignal): Promise<RegistryFirmware>;
  /** Newest first, of one product or of all. */
  list(productId: string | null, signal: AbortSignal): Promise<readonly RegistryFirmware[]>;
}

/** The registry of a station. */
export interface RegistryBinding {
  readonly url: string;
  readonly token: string;
  /** SHA-256 of its certificate; when left out, the certificate authorities of this computer decide. */
  readonly fingerprint?: string | null | undefined;
}

/** A binding as it is stored: with `isOwn` the token is this station's alone and is not exchanged again. */
export interface StoredBinding extends RegistryBinding {
  readonly isOwn: boolean;
  readonly fingerprint: string | null;
}

/** The registry that the station is bound to. Faults: `not-configured` when it is bound to none. */
export function requireRegistry(registry: RegistryClient | null): RegistryClient {
  if (registry === null) throw registryNotConfigured();
  return registry;
}

export function registryNotConfigured(): Fault {
  return new Fault('not-configured', 'this station is bound to no registry', {
    hint: 'Bind it with "station configure --registry URL --token-file FILE".',
  });
}
