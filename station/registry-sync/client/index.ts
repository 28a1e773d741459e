/**
 * This module is for the cloud registry as the station sees it: what may be asked of it, whichever cloud it is.
 * `gongwei/` speaks to the project's own registry.
 */
export type {
  AuditReply,
  DeviceView,
  EventResult,
  FirmwareView,
  HealthReply,
  LeaseRequest,
  LeaseReturnReply,
  LoginProofReply,
  RefusalsReply,
  RegistryEvent,
  UnitReply,
} from '#shared/registry-api/index.ts';
export { registryBaseUrl } from './base-url.ts';
export { createRegistryClient, type Enrolment, type RegistryClientOptions } from './gongwei/index.ts';
export type {
  AuditRegistry,
  AuditSource,
  FirmwareRegistry,
  LeasedBlock,
  RegistryClient,
  SecretProver,
} from './registry-client.ts';
