import { READ_BACK_STRENGTHS } from '../domain/read-back.ts';
import { z } from 'zod';
import { FLASH_STAGES } from '../domain/flash.ts';
import { VERDICTS } from '../domain/verdict.ts';
import { IDENTITY_STATES } from '../domain/identity.ts';
import { REFUSAL_REASONS, REFUSED_ACTS } from '../domain/mqtt-refusal.ts';
import { approval, reasonText } from './approval.ts';
import { call } from '../rpc/contract.ts';
import { oldLabel } from './slots.ts';
import { empty, failureView, faultView, outcome, timeMs, unitIdView } from './common.ts';

const identityName = z.object({ productId: z.string(), deviceName: z.string() });

/** What may become of the identity of a unit that came back. */
export const RETURN_ACTIONS = ['keep', 'reissue', 'retire'] as const;
/** What support may decide about an identity, with or without its unit. */
export const RETURN_DECISIONS = [...RETURN_ACTIONS, 'write-off'] as const;

export const timelineEntry = z.object({
  atMs: timeMs,
  /** The owner of the record. */
  source: z.enum(['ledger', 'run', 'audit', 'registry']),
  /** A closed list; the page has a text for each. */
  kind: z.enum([
    'run-started',
    'run-finished',
    'flashed',
    'flash-incomplete',
    'identity-claim',
    'identity-intend',
    'identity-confirm',
    'identity-absent',
    'identity-doubt',
    'identity-release',
    'identity-register',
    'identity-conflict',
    'identity-retire',
    'returned',
    'first-online',
    'last-online',
    'refused',
    'owner-bound',
    'owner-released',
    'device-event',
  ]),
  deviceName: z.string().nullable(),
  runId: z.string().nullable(),
  outcome: outcome.nullable(),
  /** One English text: a reason, a note of the ledger, what was flashed, or the message of the first failure. Never a secret. */
  note: z.string(),
  /** Only with `run-finished`: the first failure. Pages show it in place of the note. */
  failure: failureView.nullable().optional(),
  /** Only with `run-finished` of a unit that passed without proof of its secret: only its name was read back. */
  unproven: z.literal(true).optional(),
  /** Only with `run-finished` of a run that has files: how many. */
  files: z.int().optional(),
  /** Only with `returned`: what support decided. Pages show it in place of the note. */
  decision: z
    .object({
      action: z.enum(RETURN_DECISIONS),
      reason: z.string(),
      approver: z.string().nullable(),
      approverProven: z.boolean(),
    })
    .optional(),
  /** Only with `flashed`: the images that the flash holds since then, and what they replaced. */
  images: z
    .array(z.object({ name: z.string(), sha256: z.string(), before: z.string().nullable() }))
    .optional(),
  /** Only with `flash-incomplete`: how far it got; `null` when that is not known. */
  reached: z
    .object({
      stage: z.enum(FLASH_STAGES),
      image: z.string().nullable(),
      doneBytes: z.number(),
      totalBytes: z.number(),
      /** The flash may hold a part of an image. */
      changed: z.boolean(),
    })
    .nullable()
    .optional(),
  /** The user who did it; null for the station. */
  actor: z.string().nullable(),
  /** Only with `refused`: the refusal of the registry and its count since `sinceMs`; `atMs` is the last time. */
  refusal: z
    .object({
      act: z.enum(REFUSED_ACTS),
      reason: z.enum(REFUSAL_REASONS),
      count: z.int(),
      sinceMs: timeMs,
      address: z.string(),
    })
    .optional(),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

export const registryDevice = z.object({
  state: z.string(),
  connection: z.enum(['never-seen', 'online', 'offline']),
  chipId: z.string().nullable(),
  lastSeenMs: timeMs.nullable(),
});

/** A unit that conflicts with the returned unit, with its history. */
export const relatedUnit = z.object({
  /** The common property. `has-its-mac`: the same MAC was scanned under another serial number. */
  relation: z.enum(['has-its-identity', 'has-its-serial', 'has-its-mac']),
  chipId: z.string().nullable(),
  unitId: unitIdView,
  serialNumber: z.string().nullable(),
  bound: identityName.extend({ state: z.enum(IDENTITY_STATES) }).nullable(),
  timeline: z.array(timelineEntry),
});
export type RelatedUnit = z.infer<typeof relatedUnit>;

/** A unit that stopped a slot with a conflict that needs support. */
export const pendingCase = z.object({
  chipId: z.string().nullable(),
  unitId: unitIdView,
  /** As scanned for that run. */
  serialNumber: z.string().nullable(),
  slot: z.int(),
  runId: z.string(),
  atMs: timeMs,
  failure: faultView,
});
export type PendingCase = z.infer<typeof pendingCase>;

export const unitReport = z.object({
  chipId: z.string().nullable(),
  unitId: unitIdView,
  serialNumber: z.string().nullable(),
  model: z.string().nullable(),
  firmwareVersion: z.string().nullable(),
  /** The read-back; null when the device was not read. */
  reading: z
    .object({
      holds: identityName.nullable(),
      secretMatches: z.boolean().nullable(),
      readBack: z.enum(READ_BACK_STRENGTHS),
    })
    .nullable(),
  /** The identity that the ledger has bound to it. */
  bound: identityName.extend({ state: z.enum(IDENTITY_STATES) }).nullable(),
  /** Its last identity, when that is retired and it has got no other one; `null` otherwise. */
  retired: identityName.nullable(),
  /** The registry's record of the identity held, bound or retired; null when it has none or is unreachable. */
  registry: registryDevice.nullable(),
  /** Its owner at the registry; null: it is not bound. Left out where the registry has no record of it, or knows no owners. */
  owner: identityName
    .extend({ owner: z.string(), station: z.string(), sinceMs: timeMs })
    .nullable()
    .optional(),
  registryReachable: z.boolean(),
  /** False at a station that is bound to no registry: there is none to be reached. */
  registryBound: z.boolean(),
  verdict: z.enum(VERDICTS),
  /** The actions that are possible now. */
  actions: z.array(z.enum(RETURN_ACTIONS)),
  timeline: z.array(timelineEntry),
  /** Units in conflict with this one. */
  relatedUnits: z.array(relatedUnit),
  /** Only when a label was scanned that is valid no more. */
  oldLabel: oldLabel.optional(),
});
export type UnitReport = z.infer<typeof unitReport>;

/** SHA-256 of a firmware package, or six or more of its first digits. */
const firmwareId = z.string().min(6).max(64);

/** Where the unit is: on a slot, or near the station under this Bluetooth address; one of both. */
const place = {
  slot: z.int().min(1).optional(),
  address: z.string().min(1).max(64).optional(),
};
const hasOnePlace = (given: { readonly slot?: unknown; readonly address?: unknown }): boolean =>
  (given.slot === undefined) !== (given.address === undefined);

export const returnCalls = {
  /** Units whose last run ended in a conflict and for which no return was recorded since, newest first. */
  'returns.pendingCases': call(['support', 'engineer'], empty, z.object({ units: z.array(pendingCase) }), {
    automatic: false,
    atOnce: false,
  }),
  /** Reads the unit on a slot or near; timeout 60 s. Faults: those of `Returns.read`. */
  'returns.read': call(['support', 'engineer'], z.strictObject(place).refine(hasOnePlace), unitReport, {
    automatic: false,
    atOnce: false,
  }),
  /** Finds a unit by serial number, MAC, DeviceName or label, without reading it. Faults: `not-found`. */
  'returns.find': call(
    ['support', 'engineer'],
    z.strictObject({ text: z.string().min(1).max(512) }),
    unitReport,
    { automatic: false, atOnce: false },
  ),
  /**
   * keep: the same identity is written again. reissue: the old identity is retired and a new one burned. retire: the
   * identity is retired and the device erased. With `firmwareId` the unit is flashed first, on a slot only. Returns the unit after that.
   * Faults: those of `Returns.act`.
   */
  'returns.act': call(
    ['support', 'engineer'],
    z
      .strictObject({
        ...place,
        action: z.enum(RETURN_ACTIONS),
        firmwareId: firmwareId.optional(),
        reason: reasonText,
        ...approval,
      })
      .refine((given) => hasOnePlace(given) && (given.firmwareId === undefined || given.slot !== undefined)),
    unitReport,
    { automatic: false, atOnce: true },
  ),
  /**
   * Writes a firmware package into the flash of the unit on a slot, as the recipe of the selected batch says, and leaves its
   * identity as it is. Returns the unit after that. Takes minutes. Faults: those of `Returns.flash`.
   */
  'returns.flash': call(
    ['support', 'engineer'],
    z.strictObject({ slot: z.int().min(1), firmwareId, reason: reasonText, ...approval }),
    unitReport,
    { automatic: false, atOnce: true },
  ),
  /**
   * Retires the identity of a unit that was scrapped or lost. `productId` is required when several products have the name,
   * and for a name that only the registry has. Faults: those of `Returns.writeOff`.
   */
  'returns.writeOff': call(
    ['support', 'engineer'],
    z.strictObject({
      deviceName: z.string().min(1).max(48),
      productId: z.string().min(1).max(32).nullable(),
      reason: reasonText,
      ...approval,
    }),
    identityName.extend({ was: z.enum(IDENTITY_STATES).nullable(), chipId: z.string().nullable() }),
    { automatic: false, atOnce: true },
  ),
  /**
   * Releases a unit from the owner that the page shows, at the registry. `told` false: the unit is not connected and learns it at its next
   * login. Faults: those of `Returns.unbind`.
   */
  'returns.unbind': call(
    ['support', 'engineer'],
    z.strictObject({
      productId: z.string().min(1).max(32),
      deviceName: z.string().min(1).max(48),
      owner: z.string().min(1).max(200),
      reason: reasonText,
      ...approval,
    }),
    z.object({ released: z.boolean(), told: z.boolean() }),
    { automatic: false, atOnce: true },
  ),
};
