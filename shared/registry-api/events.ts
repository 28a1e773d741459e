import { z } from 'zod';
import { OUTCOMES } from '../domain/outcome.ts';
import { sha256Hex } from '../domain/firmware.ts';
import { deviceName, productId } from '../domain/triple.ts';
import { auditAnswer, auditClaim } from './audit.ts';
import { stationName } from './station-headers.ts';

export const MAX_EVENTS_PER_CALL = 1000;

/** MAC or chip id as the ledger writes it: upper case hex without separators. */
export const chipId = z.string().regex(/^(?:[0-9A-F]{2}){3,16}$/);

export const runOutcome = z.enum(OUTCOMES);

const word = z.string().min(1).max(200);
const timeMs = z.int().min(0);

/** Said, not assumed: how the station knows that the device holds the identity. */
export const identityProof = z.object({
  readBack: z.enum(['full', 'bcc8', 'none']),
  online: z.enum(['registry', 'device', 'none']),
});
export type IdentityProof = z.infer<typeof identityProof>;

/** A run as the registry keeps it. `identity` is what the unit holds at its end, null when it holds none of ours. */
export const runFinishedPayload = z.object({
  runId: word,
  station: stationName,
  batchId: word,
  batchName: z.string().max(200),
  recipeHash: word,
  /** The firmware its batch names; a station of before firmware says nothing. */
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

/** An identity taken out of use for good. `chipId` is null when it was never burned into anything. */
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
 * A unit was served at the returns desk. What it lost was told by `identity.retired` before, in the same lane;
 * `identity` is what it holds now.
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
  person: z.string().max(200),
  identity: z.object({ productId, deviceName, state: z.literal('burned'), proof: identityProof }).nullable(),
});
export type UnitReturnedPayload = z.infer<typeof unitReturnedPayload>;

/**
 * `key` is stable over every retry; `lane` is what must stay in order, usually the unit's chip id. `secretProof` shows
 * that the station has the secret of a triple that was leased to nobody, see `secretProofText`.
 */
const envelope = {
  key: z.string().min(1).max(200),
  lane: word,
  atMs: timeMs,
  secretProof: sha256Hex.optional(),
};

/** All kinds. A new kind is a new member here and a new applier in `registry/events/`. */
export const registryEvent = z.discriminatedUnion('kind', [
  z.object({ ...envelope, kind: z.literal('run.finished'), payload: runFinishedPayload }),
  z.object({ ...envelope, kind: z.literal('identity.retired'), payload: identityRetiredPayload }),
  z.object({ ...envelope, kind: z.literal('unit.returned'), payload: unitReturnedPayload }),
]);
export type RegistryEvent = z.infer<typeof registryEvent>;
export type RegistryEventKind = RegistryEvent['kind'];
export const REGISTRY_EVENT_KINDS = registryEvent.options.map((option) => option.shape.kind.value);

/**
 * `POST /v1/events`. Events are judged one by one: a malformed one is rejected in its place and the others go on,
 * so the list itself is not typed here.
 */
export const eventsRequest = z.object({
  events: z.array(z.unknown()).min(1).max(MAX_EVENTS_PER_CALL),
  audit: auditClaim.optional(),
});

/** Why an event was not applied. A human decides; the station keeps it parked and may send it again. */
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

/** `repeated`: this key was applied before, nothing was done again. `code` and `reason` come with `rejected`. */
export const eventResult = z.object({
  key: z.string(),
  status: z.enum(['applied', 'repeated', 'rejected']),
  code: eventRejection.optional(),
  reason: z.string().optional(),
});
export type EventResult = z.infer<typeof eventResult>;

/** One result per event, in the order of the request. The key is empty where the event had none. */
export const eventsReply = z.object({ results: z.array(eventResult), audit: auditAnswer.optional() });
export type EventsReply = z.infer<typeof eventsReply>;
