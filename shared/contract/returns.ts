import { z } from 'zod';
import { VERDICTS } from '../domain/verdict.ts';
import { IDENTITY_STATES } from '../domain/identity.ts';
import { REFUSAL_REASONS, REFUSED_ACTS } from '../domain/refusal.ts';
import { approval } from './approval.ts';
import { call } from '../rpc/contract.ts';
import { AT_ONCE, empty, faultView, outcome, timeMs, unitIdView } from './common.ts';

/** The returns desk: who is this unit, what happened to it, what may it become. */
const identityName = z.object({ productId: z.string(), deviceName: z.string() });

export const timelineEntry = z.object({
  atMs: timeMs,
  /** Where it is known from. */
  source: z.enum(['ledger', 'run', 'audit', 'registry']),
  /** Closed list; the screen has words for each. */
  kind: z.enum([
    'run-started',
    'run-finished',
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
  ]),
  deviceName: z.string().nullable(),
  runId: z.string().nullable(),
  outcome: outcome.nullable(),
  /** Plain words: a reason, a first failure. Never a secret. */
  note: z.string(),
  /** Who did it, when a person did. */
  actor: z.string().nullable(),
  /** With `refused`: what the registry refused, how often since when; `atMs` is the last time. */
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

/** Another unit that has a part in what is wrong with one, with its own history. */
export const relatedUnit = z.object({
  /** What it has that is the one's too. `has-its-mac`: it was scanned under another serial number with the same MAC. */
  why: z.enum(['has-its-identity', 'has-its-serial', 'has-its-mac']),
  chipId: z.string().nullable(),
  unitId: unitIdView,
  serialNumber: z.string().nullable(),
  bound: identityName.extend({ state: z.enum(IDENTITY_STATES) }).nullable(),
  timeline: z.array(timelineEntry),
});
export type RelatedUnit = z.infer<typeof relatedUnit>;

/** A unit that stopped a slot because the station could not decide alone. */
export const pendingCase = z.object({
  chipId: z.string().nullable(),
  unitId: unitIdView,
  /** As scanned when it stopped. */
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
  /** What the device itself said, when it was asked. */
  reading: z
    .object({
      holds: identityName.nullable(),
      secretMatches: z.boolean().nullable(),
      readBack: z.enum(['full', 'bcc8', 'none']),
    })
    .nullable(),
  /** The identity the ledger has bound to it. */
  bound: identityName.extend({ state: z.enum(IDENTITY_STATES) }).nullable(),
  /** What the registry knows of the identity held or bound; `null` when it is out of reach or knows nothing. */
  registry: registryDevice.nullable(),
  registryReachable: z.boolean(),
  verdict: z.enum(VERDICTS),
  /** What may be done now; the rest is shown as not possible. */
  actions: z.array(z.enum(['keep', 'reissue', 'retire'])),
  timeline: z.array(timelineEntry),
  /** Empty for a unit that nobody contests. */
  others: z.array(relatedUnit),
});
export type UnitReport = z.infer<typeof unitReport>;

export const RETURN_ACTIONS = ['keep', 'reissue', 'retire'] as const;

export const returnCalls = {
  /** Units that wait for support, the latest first: their last run ended in a conflict. */
  'returns.pendingCases': call(['support', 'engineer'], empty, z.object({ units: z.array(pendingCase) })),
  /** Asks the unit on a slot who it is. Takes seconds: give it 60 s. Faults: `slot-busy`, those of the port and the device. */
  'returns.read': call(['support', 'engineer'], z.strictObject({ slot: z.int().min(1) }), unitReport),
  /** Everything known of a unit by its serial number, MAC, DeviceName or label, without the unit. Faults: `not-found`. */
  'returns.find': call(
    ['support', 'engineer'],
    z.strictObject({ text: z.string().min(1).max(512) }),
    unitReport,
  ),
  /**
   * keep: the same identity is written again. reissue: the old one is retired, a new one burned. retire: the identity
   * is never used again and the device is erased. Read back, recorded, synced. Answers with the unit as it is then.
   */
  'returns.act': call(
    ['support', 'engineer'],
    z.strictObject({
      slot: z.int().min(1),
      action: z.enum(RETURN_ACTIONS),
      reason: z.string().trim().min(3).max(500),
      ...approval,
    }),
    unitReport,
    AT_ONCE,
  ),
  /**
   * Retires an identity without its unit, which is scrapped or lost and will not say any more what it holds. `productId`
   * tells names of several products apart, and lets the registry be asked for one that is not in the ledger.
   * Faults: `not-found`, `bad-input`, `registry-unreachable`.
   */
  'returns.writeOff': call(
    ['support', 'engineer'],
    z.strictObject({
      deviceName: z.string().min(1).max(48),
      productId: z.string().min(1).max(32).nullable(),
      reason: z.string().trim().min(3).max(500),
      ...approval,
    }),
    identityName.extend({ was: z.enum(IDENTITY_STATES).nullable(), chipId: z.string().nullable() }),
    AT_ONCE,
  ),
};
