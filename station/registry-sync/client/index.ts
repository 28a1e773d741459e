/** The interface to a cloud registry, and its client for the project's own registry (`gongwei/`). */
export type {
  AuditTrailReply,
  BindTokenView,
  DeviceEvent,
  DeviceEventsReply,
  DeviceView,
  EventResult,
  RegistryFirmware,
  HealthReply,
  LeaseRequest,
  LeaseReturnReply,
  LoginProofReply,
  OwnerReply,
  OwnerView,
  RefusalsReply,
  RegistryEvent,
  UnitReply,
} from '#shared/registry-api/index.ts';
export { isReadableOnTheWay, registryBaseUrl } from './base-url.ts';
export { createRegistryClient, type Enrolment, type RegistryClientOptions } from './gongwei/index.ts';
export type {
  AuditRegistry,
  AuditSource,
  FirmwareRegistry,
  LeasedBlock,
  RegistryClient,
  ReportedKey,
  SecretProver,
  StationKeyRegistry,
} from './registry-client.ts';
export { registryNotConfigured, requireRegistry } from './registry-client.ts';
export type { RegistryBinding, StoredBinding } from './registry-client.ts';
