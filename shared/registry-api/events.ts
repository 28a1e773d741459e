import { z } from 'zod';
import { OUTCOMES } from '../domain/outcome.ts';
import { READ_BACK_STRENGTHS } from '../domain/read-back.ts';
import { sha256Hex } from '../domain/firmware.ts';
import { deviceName, productId } from '../domain/triple.ts';
import { auditClaimReply, auditClaim } from './audit.ts';
import { stationName } from './station-headers.ts';

export const MAX_EVENTS_PER_CALL = 1000;

/** MAC or chip id as the ledger writes it: upper case hex without separators. */
export const chipId = z.string().regex(/^(?:[0-9A-F]{2}){3,16}$/);

export const runOutcome = z.enum(OUTCOMES);

const word = z.string().min(1).max(200);
const timeMs = z.int().min(0);

/** How the station verified that the device holds the identity. */
export const identityProof = z.object({
  readBack: z.enum(READ_BACK_STRENGTHS),
  online: z.enum(['registry', 'device', 'none']),
  /** True: there is no proof that the unit holds the secret. Otherwise omitted, as by stations of older versions. */
  unproven: z.boolean().optional(),
});
export type IdentityProof = z.infer<typeof identityProof>;

/** The registry's record of a run. `identity`: that of the unit at the end; null when it holds none of this station. */
export const runFinishedPayload = z.object({
  runId: word,
  station: stationName,
  batchId: word,
  batchName: z.string().max(200),
  recipeHash: word,
  /** The firmware of its batch; omitted by stations of older versions. */
  firmwareSha256: sha256Hex.nullable().optional(),
  appVersion: word,
  operator: z.string().max(200),
  serialNumber: word.nullable(),
  chipId: chipId.nullable(),
  outcome: runOutcome,
  startedAtMs: timeMs,
  finishedAtMs: timeMs,
  firstFailure: z
    .object({
      code: word,
      phase: z.string().max(200).nullable(),
      step: z.string().max(200).nullable(),
      message: z.string().max(4000),
    })
    .nullable(),
  identity: z.object({ productId, deviceName, state: z.literal('burned'), proof: identityProof }).nullable(),
});
export type RunFinishedPayload = z.infer<typeof runFinishedPayload>;

/** A retired identity. `chipId` is null when it was never burned. */
export const identityRetiredPayload = z.object({
  productId,
  deviceName,
  chipId: chipId.nullable(),
  reason: z.string().trim().min(1).max(1000),
  approver: z.string().trim().min(1).max(200),
  /** Whether the approver has given a PIN; left out by stations from before that was asked. */
  approverProven: z.boolean().optional(),
});
export type IdentityRetiredPayload = z.infer<typeof identityRetiredPayload>;

/**
 * A returned unit was processed. `identity` is its current one; an `identity.retired` event with the same order key was sent
 * before for the old one.
 */
export const unitReturnedPayload = z.object({
  returnId: word,
  station: stationName,
  chipId,
  serialNumber: word.nullable(),
  action: z.enum(['keep', 'reissue', 'retire']),
  reason: z.string().trim().min(1).max(1000),
  approver: z.string().trim().min(1).max(200),
  /** Whether the approver has given a PIN; left out by stations from before that was asked. */
  approverProven: z.boolean().optional(),
  /** The user who processed it. Stored messages and the table of the registry have this name. */
  person: z.string().max(200),
  identity: z.object({ productId, deviceName, state: z.literal('burned'), proof: identityProof }).nullable(),
});
export type UnitReturnedPayload = z.infer<typeof unitReturnedPayload>;

/**
 * `key` is stable over every retry; `lane` is the order key, usually the unit's chip id: events with the same one are applied
 * in order. `secretProof` proves that the station has the secret of a triple without a lease, see `secretProofText`.
 */
const envelope = {
  key: z.string().min(1).max(200),
  lane: word,
  atMs: timeMs,
  secretProof: sha256Hex.optional(),
};

/** All event kinds. A new kind needs a member here and an applier in `registry/events/`. */
export const registryEvent = z.discriminatedUnion('kind', [
  z.object({ ...envelope, kind: z.literal('run.finished'), payload: runFinishedPayload }),
  z.object({ ...envelope, kind: z.literal('identity.retired'), payload: identityRetiredPayload }),
  z.object({ ...envelope, kind: z.literal('unit.returned'), payload: unitReturnedPayload }),
]);
export type RegistryEvent = z.infer<typeof registryEvent>;
export type RegistryEventKind = RegistryEvent['kind'];
export const REGISTRY_EVENT_KINDS = registryEvent.options.map((option) => option.shape.kind.value);

/**
 * `POST /v1/events`. Events are checked one by one: a malformed event is rejected and the others are applied, so that the list
 * has no type here.
 */
export const eventsRequest = z.object({
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_CALL),
  audit: auditClaim.optional(),
});

/** Why an event was not applied. The station parks it for the decision of a person and may send it again. */
export const EVENT_REJECTIONS = [
  'bad-input',
  'kind-unknown',
  'key-reused',
  'run-known',
  'chip-missing',
  'identity-unknown',
  'identity-retired',
  'identity-bound-elsewhere',
  'identity-leased-elsewhere',
  'identity-quarantined',
  'login-unknown',
  'chip-holds-another',
  'unstorable',
] as const;
export const eventRejection = z.enum(EVENT_REJECTIONS);
export type EventRejection = z.infer<typeof eventRejection>;

/** `repeated`: this key was applied before and was not applied again. `code` and `reason` exist with `rejected`. */
export const eventResult = z.object({
  key: z.string(),
  status: z.enum(['applied', 'repeated', 'rejected']),
  code: eventRejection.optional(),
  reason: z.string().optional(),
});
export type EventResult = z.infer<typeof eventResult>;

/** One result per event, in the order of the request. The key is empty for an event without one. */
export const eventsReply = z.object({ results: z.array(eventResult), audit: auditClaimReply.optional() });
export type EventsReply = z.infer<typeof eventsReply>;

/**
 * The text that a station signs with a DeviceSecret to prove that it has a triple without a lease (one that was imported from
 * a list): HMAC-SHA256 with the text of the secret as key, hex, as `secretProof` beside an event's payload. Valid for this
 * event of this station only.
 */
export function secretProofText(
  station: string,
  eventKey: string,
  identity: { readonly productId: string; readonly deviceName: string },
): string {
  return JSON.stringify(['gongwei secret proof', station, eventKey, identity.productId, identity.deviceName]);
}
