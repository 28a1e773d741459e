import { z } from 'zod';
import { firmwareVersion } from '../domain/firmware.ts';
import { productId } from '../domain/triple.ts';
import { call, topic } from '../rpc/contract.ts';
import { empty, EVERYONE, faultView, timeMs } from './common.ts';

/** Firmware packages (固件): import, upload, 上线 and 下线. A package is identified by the SHA-256 of its content. */
const sha256 = z.string();

export const firmwareView = z.object({
  firmwareId: sha256,
  fileName: z.string(),
  packageName: z.string(),
  sizeBytes: z.int(),
  sha256,
  md5: z.string(),
  /** `bl60x`: it has the header of Bouffalo's build, whose hash and length were checked. `opaque`: unknown content. */
  kind: z.enum(['bl60x', 'opaque']),
  /** `null`: unknown; set it with `firmware.describe` before the upload. */
  productId: z.string().nullable(),
  productFrom: z.enum(['given', 'mapping']).nullable(),
  version: z.string().nullable(),
  versionFrom: z.enum(['given', 'mapping', 'header']).nullable(),
  /** The text of the package when it is no valid product or version; the page shows it to the person who enters one. */
  invalidProduct: z.string().nullable(),
  invalidVersion: z.string().nullable(),
  name: z.string().nullable(),
  description: z.string().nullable(),
  importedBy: z.string(),
  importedAtMs: timeMs,
  /** At the registry this station is bound to now. */
  registry: z.object({
    state: z.enum(['none', 'uploading', 'offline', 'online']),
    receivedBytes: z.int(),
    /** As the registry computed it over the received bytes. */
    sha256: z.string().nullable(),
    completedAtMs: timeMs.nullable(),
  }),
});
export type FirmwareView = z.infer<typeof firmwareView>;

export const FIRMWARE_FIELD_MEANINGS = [
  'product',
  'version',
  'name',
  'description',
  'file',
  'size',
  'md5',
  'sha256',
] as const;
export type FirmwareFieldMeaning = (typeof FIRMWARE_FIELD_MEANINGS)[number];

/** The meaning of the fields of `ota_cfg.json`, by their path (`module.version`). `product` means ProductId. */
export const firmwareFieldMap = z.partialRecord(z.enum(FIRMWARE_FIELD_MEANINGS), z.string().min(1).max(200));
export type FirmwareFieldMap = z.infer<typeof firmwareFieldMap>;

/** The new path of each meaning that changes; `null`: no field has that meaning any more. */
const firmwareFieldChanges = z.partialRecord(
  z.enum(FIRMWARE_FIELD_MEANINGS),
  z.string().min(1).max(200).nullable(),
);
export type FirmwareFieldChanges = z.infer<typeof firmwareFieldChanges>;

export const firmwareDetails = firmwareView.extend({
  header: z
    .object({
      type: z.string(),
      bodyBytes: z.int(),
      hardwareVersion: z.string(),
      softwareVersion: z.string(),
      bodySha256: z.string(),
    })
    .nullable(),
  /** `ota_cfg.json` unchanged. */
  config: z.string(),
  /**
   * Its first 500 fields in order, and mapped ones behind them; `meaning` is null for unmapped fields, whose meaning is never
   * guessed.
   */
  fields: z.array(
    z.object({ path: z.string(), text: z.string(), meaning: z.enum(FIRMWARE_FIELD_MEANINGS).nullable() }),
  ),
  /** The number of all fields of `ota_cfg.json`. */
  fieldCount: z.int(),
  /** Other documents of the package (`readme.txt`), by path; `fileId` is for the download. */
  documents: z.array(
    z.object({ fileId: z.string(), path: z.string(), sizeBytes: z.int(), sha256: z.string() }),
  ),
});
export type FirmwareDetails = z.infer<typeof firmwareDetails>;

/** An import or upload under way, or one of the last that ended. */
export const firmwareJob = z.object({
  jobId: z.string(),
  kind: z.enum(['import', 'upload']),
  /** The displayed name of the package. */
  title: z.string(),
  /** `null` until an import has succeeded. */
  firmwareId: sha256.nullable(),
  /** `reading` the package; `checking` the station's copy; `sending`; the registry is `verifying`. */
  stage: z.enum(['reading', 'checking', 'sending', 'verifying']),
  doneBytes: z.int(),
  totalBytes: z.int(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** For a finished import: false when the same content was here already. */
  added: z.boolean().nullable(),
  fault: faultView.nullable(),
  startedAtMs: timeMs,
});
export type FirmwareJob = z.infer<typeof firmwareJob>;

export const firmwareTopicState = z.object({
  /** Newest first. */
  packages: z.array(firmwareView),
  jobs: z.array(firmwareJob),
});
export type FirmwareTopicState = z.infer<typeof firmwareTopicState>;

/** The most jobs in the topic; the oldest finished ones are dropped first. */
export const FIRMWARE_JOBS_KEPT = 12;

const one = z.strictObject({ firmwareId: z.string() });
const names = { productId: productId.optional(), version: firmwareVersion.optional() };
const ENGINEER = ['engineer'] as const;

export const firmwareCalls = {
  'firmware.list': call(EVERYONE, empty, z.object({ packages: z.array(firmwareView) }), {
    automatic: true,
    atOnce: false,
  }),
  'firmware.get': call(EVERYONE, one, firmwareDetails, { automatic: false, atOnce: false }),
  /**
   * Starts the import of uploaded files: `fileIds` of one zip, one folder, or the two files of a package. The topic has
   * progress and result.
   */
  'firmware.import': call(
    ENGINEER,
    z.strictObject({
      fileIds: z.array(z.string()).min(1).max(16),
      ...names,
      /** For this package only, in place of the station's. */
      fields: firmwareFieldMap.optional(),
    }),
    z.object({ jobId: z.string() }),
    { automatic: false, atOnce: false },
  ),
  /** Sets the product and version of a package that has none; not possible after the upload. */
  'firmware.describe': call(ENGINEER, z.strictObject({ firmwareId: z.string(), ...names }), firmwareView, {
    automatic: false,
    atOnce: false,
  }),
  /** Starts or continues its upload. The topic has progress and result. */
  'firmware.upload': call(ENGINEER, one, z.object({ jobId: z.string() }), {
    automatic: false,
    atOnce: false,
  }),
  'firmware.cancel': call(ENGINEER, z.strictObject({ jobId: z.string() }), empty, {
    automatic: false,
    atOnce: false,
  }),
  /** 上线 and 下线: whether devices may download it. */
  'firmware.setOnline': call(
    ENGINEER,
    z.strictObject({ firmwareId: z.string(), online: z.boolean() }),
    firmwareView,
    { automatic: false, atOnce: false },
  ),
  'firmware.fields': call(EVERYONE, empty, z.object({ fields: firmwareFieldMap }), {
    automatic: false,
    atOnce: false,
  }),
  /**
   * Changes some meanings and leaves the others as they are at the station, so that a page cannot undo a change that it
   * has not seen. Returns the whole map.
   */
  'firmware.changeFields': call(
    ENGINEER,
    z.strictObject({ changes: firmwareFieldChanges }),
    z.object({ fields: firmwareFieldMap }),
    { automatic: false, atOnce: false },
  ),
};

export const firmwareTopics = {
  firmware: topic(EVERYONE, {
    snapshot: firmwareTopicState,
    delta: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('package'), package: firmwareView }),
      z.object({ kind: z.literal('job'), job: firmwareJob }),
    ]),
    apply: (state, delta) =>
      delta.kind === 'package'
        ? { ...state, packages: withPackage(state.packages, delta.package) }
        : { ...state, jobs: withJob(state.jobs, delta.job) },
  }),
};

function withPackage(packages: readonly FirmwareView[], changed: FirmwareView): FirmwareView[] {
  const known = packages.some((one) => one.firmwareId === changed.firmwareId);
  return known
    ? packages.map((one) => (one.firmwareId === changed.firmwareId ? changed : one))
    : [changed, ...packages];
}

function withJob(jobs: readonly FirmwareJob[], changed: FirmwareJob): FirmwareJob[] {
  const known = jobs.some((one) => one.jobId === changed.jobId);
  const all = known ? jobs.map((one) => (one.jobId === changed.jobId ? changed : one)) : [...jobs, changed];
  const surplus = all.length - FIRMWARE_JOBS_KEPT;
  if (surplus <= 0) return all;
  const removed = new Set(all.filter((one) => one.state !== 'running').slice(0, surplus));
  return all.filter((one) => !removed.has(one));
}
