import type {
  AuditHead,
  AuditReply,
  ControlReply,
  ControlRequest,
  DeviceView,
  EventResult,
  FirmwareUploadReply,
  FirmwareUploadRequest,
  FirmwareView,
  HealthReply,
  LeaseRequest,
  LeaseReturnReply,
  LoginProofReply,
  RefusalsReply,
  RegistryEvent,
  StationRunsReply,
  UnitReply,
} from '#shared/registry-api/index.ts';

/** The proof that goes with a message about a triple, see `secretProofText`; undefined where there is none. */
export type SecretProver = (
  key: string,
  identity: { readonly productId: string; readonly deviceName: string },
) => string | undefined;

/**
 * A cloud registry. Every call ends with its answer, with the signal's reason (`cancelled` when that is no Fault),
 * or with one of these faults: `registry-untrusted` (another certificate than agreed; nothing was said), `registry-unreachable` (no answer, or one that says "later": send again),
 * `registry-refused` (an answer that stays the same however often it is asked: a human must look), and for leases
 * `pool-empty`.
 */
export interface RegistryClient {
  /** Is it there, is it a registry, what time is it there. */
  health(signal: AbortSignal): Promise<HealthReply>;
  /** A block of triples, whole. Repeating a request after a lost answer gives the same block. Dispose of it: it is wiped. */
  lease(request: LeaseRequest, signal: AbortSignal): Promise<LeasedBlock>;
  /** Gives back triples that were never claimed. May be repeated. */
  returnLease(
    leaseId: string,
    deviceNames: readonly string[],
    signal: AbortSignal,
  ): Promise<LeaseReturnReply>;
  /** One result per event, in their order. At most 1000 events. May be repeated. */
  sendEvents(events: readonly RegistryEvent[], signal: AbortSignal): Promise<readonly EventResult[]>;
  /** What the registry knows of a device; null when it knows none of this name. */
  device(productId: string, deviceName: string, signal: AbortSignal): Promise<DeviceView | null>;
  /**
   * Says that the identity was seen to log in from this unit; the registry keeps the first. May be repeated. Null at a
   * registry of before such proofs.
   */
  reportLogin(
    productId: string,
    deviceName: string,
    chipId: string,
    signal: AbortSignal,
  ): Promise<LoginProofReply | null>;
  /** Tells a device something over MQTT; `code` of the answer is null when it gave none in time. */
  control(
    productId: string,
    deviceName: string,
    request: ControlRequest,
    signal: AbortSignal,
  ): Promise<ControlReply>;
  /**
   * What devices were refused over MQTT since an instant (ms since 1970), the newest first: one device, or, without a name,
   * those that this station has to do with. Null at a registry that keeps no trace of it.
   */
  refusals(
    name: { readonly productId: string; readonly deviceName: string } | null,
    sinceMs: number,
    signal: AbortSignal,
  ): Promise<RefusalsReply | null>;
  /** What the registry knows of a physical unit; null when it never heard of it. */
  unit(chipId: string, signal: AbortSignal): Promise<UnitReply | null>;
  /**
   * The runs that this station has told it of, in the order of their ids, from the one after `after` on ("": from the
   * first); null at a registry that does not say. `more` when there are others behind them.
   */
  stationRuns(after: string, signal: AbortSignal): Promise<StationRunsReply | null>;
  readonly firmware: FirmwareRegistry;
  readonly audit: AuditRegistry;
}

/** Triples as they were leased. Secrets are bytes, because those can be wiped; disposing of the block does. */
export interface LeasedBlock extends Disposable {
  readonly leaseId: string;
  readonly productId: string;
  readonly triples: readonly {
    readonly deviceName: string;
    /** As it is written in the cloud: base64 or hex digits, in ASCII. */
    readonly deviceSecret: Uint8Array;
  }[];
}

/** The registry as witness of this station's audit trail. */
export interface AuditRegistry {
  /** What it keeps of the trail; null at a registry that keeps none. */
  fetch(signal: AbortSignal): Promise<AuditReply | null>;
  /** Tells it where the trail ends now, as every `sendEvents` does, unless it has agreed to that end already. */
  report(signal: AbortSignal): Promise<void>;
}

/** This station's audit trail, as far as a registry has to do with it. */
export interface AuditSource {
  head(): AuditHead;
  /** Null when the trail has no such entry. */
  hashAt(seq: number): string | null;
  /** The registry has compared; `broken` when it keeps something that is not in the trail, and nobody accepted that. */
  onVerified(broken: boolean): void;
}

/** The firmware of a registry. Every call may be repeated after a lost answer. Faults: those of `RegistryClient`. */
export interface FirmwareRegistry {
  /** Announces a content, or finds it again: `receivedBytes` says where to go on. */
  begin(request: FirmwareUploadRequest, signal: AbortSignal): Promise<FirmwareUploadReply>;
  /**
   * Sends the bytes from `offset`. A `registry-refused` whose details hold `receivedBytes` means: go on there.
   * @param sha256 of `bytes`, hex.
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
  /** The registry reads it all again and answers with the hashes it found. Takes as long as reading it takes. */
  complete(firmwareId: string, signal: AbortSignal): Promise<FirmwareView>;
  setState(firmwareId: string, state: 'offline' | 'online', signal: AbortSignal): Promise<FirmwareView>;
  /** Newest first, of one product or of all. */
  list(productId: string | null, signal: AbortSignal): Promise<readonly FirmwareView[]>;
}
