import { z } from 'zod';
import { READ_BACK_STRENGTHS } from '../domain/read-back.ts';
import { UNIT_ID_KINDS } from '../domain/unit-id.ts';
import { sha256Hex } from '../domain/firmware.ts';
import { DOCUMENT_VERSION } from './document-kind.ts';

/** Measurements that a certificate lists; of a run with more it has the number and the digest. */
export const MAX_LISTED_MEASUREMENTS = 500;

/** UTC, as `2026-12-01T04:37:06.000Z`. */
const instant = z.iso.datetime();

export const certifiedMeasurement = z.object({
  phase: z.string(),
  step: z.string(),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]),
  unit: z.string().nullable(),
  limits: z.string(),
  outcome: z.string(),
});
export type CertifiedMeasurement = z.infer<typeof certifiedMeasurement>;

/** A file that belongs to the run. */
export const certifiedAttachment = z.object({
  name: z.string(),
  mediaType: z.string(),
  /** Length of the file. */
  bytes: z.int().min(0),
  sha256: sha256Hex,
});

/** The birth certificate of a unit: what it is, what it was made with, what was measured, when, where and by whom. Without its secret. */
export const birthCertificate = z.object({
  kind: z.literal('birth-certificate'),
  version: z.literal(DOCUMENT_VERSION),
  /** The station that signed. */
  station: z.string(),
  signedAt: instant,
  signedBy: z.string(),
  appVersion: z.string(),
  unit: z.object({
    serialNumber: z.string().nullable(),
    /** A MAC, a chip id, or a serial number that the unit itself reports. */
    id: z.string(),
    idKind: z.enum(UNIT_ID_KINDS).nullable(),
    model: z.string().nullable(),
  }),
  identity: z.object({
    productId: z.string(),
    deviceName: z.string(),
    /** `burned`: the registry has not acknowledged it yet. */
    state: z.enum(['burned', 'registered']),
  }),
  /** Null when the batch names none. */
  firmware: z.object({ version: z.string().nullable(), sha256: sha256Hex }).nullable(),
  /** The version that the unit reported; null when it reported none. */
  reportedFirmware: z.string().nullable(),
  recipe: z.object({ name: z.string(), version: z.string(), hash: z.string(), locked: z.boolean() }),
  batch: z.object({ id: z.string(), name: z.string() }),
  run: z.object({
    id: z.string(),
    outcome: z.literal('PASS'),
    startedAt: instant,
    finishedAt: instant,
    station: z.string(),
    slot: z.int(),
    operator: z.string(),
    appVersion: z.string(),
    /** SHA-256 of the run with its steps and measurements, as in the record journal of the station. */
    recordSha256: sha256Hex,
  }),
  proof: z.object({
    /** How much of the secret the read-back proved; null for a run of a version that did not record it. */
    readBack: z.enum(READ_BACK_STRENGTHS).nullable(),
    /** Who saw the unit log in with this identity. */
    online: z.enum(['registry', 'device', 'none']),
    /** True: nothing proves that the unit holds the secret. */
    unproven: z.boolean(),
  }),
  /** The number of measurements of the run. */
  measured: z.int().min(0),
  /** All of them; empty when there are more than 500. */
  measurements: z.array(certifiedMeasurement),
  /** All files of the run, also those whose bytes the station has removed since; left out of one without files. */
  attachments: z.array(certifiedAttachment).optional(),
});
export type BirthCertificate = z.infer<typeof birthCertificate>;
