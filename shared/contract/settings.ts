import { z } from 'zod';
import { START_MODES } from '../domain/start-mode.ts';
import { call } from '../rpc/contract.ts';
import { empty, faultView } from './common.ts';

/** What a page uses until its browser has a choice of its own. `null`: as the browser or the system has it. */
export const pageDefaults = z.object({
  language: z.enum(['zh-CN', 'en']).nullable(),
  theme: z.enum(['light', 'dark']).nullable(),
  sound: z.boolean(),
});
export type PageDefaults = z.infer<typeof pageDefaults>;

/** How long recordings are kept. The bounds are those of `station configure`. */
export const recordingLimits = z.object({
  /** Older ones are removed. */
  maxAgeDays: z.int().min(1).max(36_500),
  /** Above this sum the oldest ones are removed. */
  maxBytes: z.int().min(1_000_000).max(1_000_000_000_000_000),
  /** Younger ones are never removed. */
  keepDays: z.int().min(1).max(36_500),
});

/** The registry that the station is bound to, without its token. */
export const registryBinding = z.object({
  url: z.string(),
  /** SHA-256 of the only accepted certificate; `null`: the certificate authorities of the computer decide. */
  fingerprint: z.string().nullable(),
  /** The token belongs to this station alone. */
  isOwn: z.boolean(),
  /** False for an address without TLS on another computer: tokens and secrets can be read on the network. */
  isProtected: z.boolean(),
});

/** All that an engineer may change about a station. A change that is audited is in the audit trail by the next reply. */
export const stationSettings = z.object({
  station: z.string(),
  registry: registryBinding.nullable(),
  startMode: z.enum(START_MODES),
  recordings: recordingLimits,
  pages: pageDefaults,
  /** The program and where it keeps its data, for people. */
  program: z.object({ version: z.string(), node: z.string(), system: z.string(), dataDir: z.string() }),
});
export type StationSettings = z.infer<typeof stationSettings>;

const registryUrl = z.string().trim().min(1).max(500);
const fingerprint = z.string().trim().max(200).nullable();

/** What a registry at an address answered. */
export const registryTest = z.object({
  /** Why it cannot be used; `registry-untrusted` has the fingerprint that it shows in its details. */
  fault: faultView.nullable(),
  version: z.string().nullable(),
  tookMs: z.number().nullable(),
  /** This computer's clock minus the registry's. */
  skewMs: z.number().nullable(),
  /** Whether it accepts the stored token; `null` when that was not asked, as at another address. */
  tokenAccepted: z.boolean().nullable(),
  isProtected: z.boolean(),
});
export type RegistryTest = z.infer<typeof registryTest>;

const ENGINEER = ['engineer'] as const;

export const settingsCalls = {
  'settings.get': call(ENGINEER, empty, stationSettings, { automatic: true, atOnce: false }),
  /**
   * Changes all that is given, or nothing. Faults: `bad-input`; for another name while the registry expects results
   * from the old one, its details have `inHand` (leased triples), `unsent` (messages) or neither (the token is that of
   * the old name).
   */
  'settings.change': call(
    ENGINEER,
    z.strictObject({
      station: z.string().trim().min(1).max(64).optional(),
      startMode: z.enum(START_MODES).optional(),
      recordings: recordingLimits.optional(),
      pages: pageDefaults.optional(),
    }),
    stationSettings,
    { automatic: false, atOnce: false },
  ),
  /** Asks a registry for its version and its clock, and sends the stored token to the stored address only. */
  'settings.testRegistry': call(ENGINEER, z.strictObject({ url: registryUrl, fingerprint }), registryTest, {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Binds the station to a registry, under another name if one is given. `token: null` keeps the stored one, for the
   * stored address only. A registry that is out of reach is accepted and tried again. Faults: `bad-input`,
   * `registry-refused`, `registry-untrusted`; then nothing was changed.
   */
  'settings.bindRegistry': call(
    ENGINEER,
    z.strictObject({
      url: registryUrl,
      token: z.string().trim().min(1).max(1000).nullable(),
      fingerprint,
      station: z.string().trim().min(1).max(64).optional(),
    }),
    z.object({ settings: stationSettings, isReachable: z.boolean() }),
    { automatic: false, atOnce: false },
  ),
};
