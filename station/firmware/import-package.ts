import { posix } from 'node:path';
import type { FirmwareFieldMap } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { FIRMWARE_VERSION } from '#shared/domain/firmware.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import type { FirmwareRow, WritableDatabase } from '../core/database/index.ts';
import { readConfigFields } from './config-fields.ts';
import type { ContentStore } from '../core/content-store/index.ts';
import { type CopiedDocument, copyDocument } from './documents.ts';
import { type ContentFacts, createInspector } from './inspector.ts';
import { applyFieldMap, type MappedValues } from './field-map.ts';
import { pickPackage } from './pick-package.ts';
import { invalidPackage } from './package-faults.ts';
import { openSource } from './source/index.ts';

/** Product and version as a person states them; they replace those of the package. */
export interface FirmwareNames {
  readonly productId?: string | undefined;
  readonly version?: string | undefined;
}

export interface PackageImport extends FirmwareNames {
  /** A zip, a folder, or the files of a package. */
  readonly paths: readonly string[];
  readonly fieldMap: FirmwareFieldMap;
  /** The user who imports it. */
  readonly importedBy: string;
}

export interface PackageImportOptions {
  readonly database: WritableDatabase;
  readonly contents: ContentStore;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Called inside the transaction that stores the firmware. */
  readonly onStored: (row: FirmwareRow, added: boolean) => void;
}

export interface ImportedFirmware {
  readonly row: FirmwareRow;
  /** False when this content was stored before. */
  readonly added: boolean;
  /** Paths of files that are neither firmware nor documents and are not stored. */
  readonly skippedFiles: readonly string[];
}

/**
 * Imports one package: opens it, streams its firmware to a temporary file while hashing it, checks it, and then stores it. After a
 * fault, an abort or a crash nothing of it is stored.
 * Faults: `firmware-invalid` with details.reason, `bad-input`, `file-missing`, `file-denied`, `disk-full`, `disk-read-only`,
 * `disk-failing`, the signal's reason.
 */
export async function importPackage(
  options: PackageImportOptions,
  request: PackageImport,
  onProgress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<ImportedFirmware> {
  const given = checkNames(request);
  await using source = await openSource(request.paths, signal);
  const { firmware, config, configPath, documents, skippedFiles } = await pickPackage(source, signal);
  const fields = readConfigFields(config, configPath);

  await using content = await options.contents.begin(options.newId(), firmware.sizeBytes);
  const inspector = createInspector(firmware.path);
  let doneBytes = 0;
  for await (const chunk of firmware.read(signal)) {
    throwIfAborted(signal);
    inspector.update(chunk);
    await content.write(chunk);
    doneBytes += chunk.length;
    onProgress(doneBytes, firmware.sizeBytes);
  }
  const facts = inspector.finish();
  const mapped = applyFieldMap(request.fieldMap, fields, firmware.path, facts);
  await using documentStack = new AsyncDisposableStack();
  const documentContents: CopiedDocument[] = [];
  for (const file of documents)
    documentContents.push(await copyDocument(file, options, documentStack, signal));
  const row: FirmwareRow = {
    sha256: facts.sha256,
    md5: facts.md5,
    sizeBytes: facts.sizeBytes,
    fileName: posix.basename(firmware.path),
    packageName: source.name,
    header: facts.header === null ? null : JSON.stringify(facts.header),
    config,
    ...nameProduct(given, mapped),
    ...nameVersion(given, mapped, facts),
    invalidProduct: mapped.invalidProduct,
    invalidVersion: invalidVersionOf(mapped, facts),
    name: mapped.name,
    description: mapped.description,
    importedBy: request.importedBy,
    importedAtMs: options.nowMs(),
  };
  const isNew = options.database.firmware.findBySha256(row.sha256) === null;
  if (isNew) requireFreeVersion(options.database, row);
  throwIfAborted(signal);
  await content.commit(row.sha256);
  for (const one of documentContents) await one.content.commit(one.sha256);
  return options.database.transaction(() => {
    const existing = options.database.firmware.findBySha256(row.sha256);
    if (existing === null) {
      requireFreeVersion(options.database, row);
      options.database.firmware.add(row);
    }
    const stored = existing === null ? row : nameFirmware(options.database, existing, given, row);
    for (const { path, sha256, sizeBytes } of documentContents)
      options.database.firmware.putDocument({ firmwareSha256: row.sha256, path, sha256, sizeBytes });
    options.onStored(stored, existing === null);
    return { row: stored, added: existing === null, skippedFiles };
  });
}

/** Faults: `bad-input` when product or version are malformed. */
export function checkNames(given: FirmwareNames): FirmwareNames {
  const { productId, version } = given;
  if (productId !== undefined && !PRODUCT_ID.test(productId)) {
    throw new Fault('bad-input', `"${productId}" cannot be a ProductId`, {
      hint: 'A ProductId is 1 to 32 letters and digits.',
    });
  }
  if (version !== undefined && !FIRMWARE_VERSION.test(version)) {
    throw new Fault('bad-input', `"${version}" cannot be a firmware version`, {
      hint: 'Use 1 to 64 letters, digits and signs without blanks, as the device reports it.',
    });
  }
  return { productId, version };
}

/**
 * Sets product and version of a stored firmware. A missing value comes from `given` or `fromPackage`; an existing one is changed
 * only by `given`, and never after the upload to a registry. Call it inside a transaction.
 * Faults: `firmware-invalid` (`named-otherwise`, `version-taken`).
 */
export function nameFirmware(
  database: WritableDatabase,
  row: FirmwareRow,
  given: FirmwareNames,
  fromPackage: Pick<FirmwareRow, 'productId' | 'productFrom' | 'version' | 'versionFrom'> = row,
): FirmwareRow {
  const product =
    given.productId !== undefined
      ? ({ productId: given.productId, productFrom: 'given' } as const)
      : row.productId === null
        ? { productId: fromPackage.productId, productFrom: fromPackage.productFrom }
        : { productId: row.productId, productFrom: row.productFrom };
  const version =
    given.version !== undefined
      ? ({ version: given.version, versionFrom: 'given' } as const)
      : row.version === null
        ? { version: fromPackage.version, versionFrom: fromPackage.versionFrom }
        : { version: row.version, versionFrom: row.versionFrom };
  const next: FirmwareRow = { ...row, ...product, ...version };
  if (next.productId === row.productId && next.version === row.version) return row;
  if (database.firmware.listUploads(row.sha256).some((upload) => upload.state !== 'uploading')) {
    throw invalidPackage(
      'named-otherwise',
      `this firmware is ${row.productId ?? '?'} ${row.version ?? '?'} at the registry and cannot be renamed`,
      'A firmware with another name needs another content.',
    );
  }
  requireFreeVersion(database, next);
  database.firmware.setName(row.sha256, product, version);
  return next;
}

function nameProduct(
  given: FirmwareNames,
  mapped: MappedValues,
): Pick<FirmwareRow, 'productId' | 'productFrom'> {
  if (given.productId !== undefined) return { productId: given.productId, productFrom: 'given' };
  if (mapped.productId !== null) return { productId: mapped.productId, productFrom: 'mapping' };
  return { productId: null, productFrom: null };
}

function nameVersion(
  given: FirmwareNames,
  mapped: MappedValues,
  { header }: ContentFacts,
): Pick<FirmwareRow, 'version' | 'versionFrom'> {
  if (given.version !== undefined) return { version: given.version, versionFrom: 'given' };
  if (mapped.version !== null) return { version: mapped.version, versionFrom: 'mapping' };
  if (header !== null && FIRMWARE_VERSION.test(header.softwareVersion))
    return { version: header.softwareVersion, versionFrom: 'header' };
  return { version: null, versionFrom: null };
}

/** A text in the mapped field, else in the header, that is not a version; null without one. */
function invalidVersionOf(mapped: MappedValues, { header }: ContentFacts): string | null {
  const inHeader = header?.softwareVersion ?? '';
  return mapped.invalidVersion ?? (inHeader === '' || FIRMWARE_VERSION.test(inHeader) ? null : inHeader);
}

function requireFreeVersion(database: WritableDatabase, row: FirmwareRow): void {
  if (row.productId === null || row.version === null) return;
  const holder = database.firmware.findByVersion(row.productId, row.version);
  if (holder === null || holder.sha256 === row.sha256) return;
  throw invalidPackage(
    'version-taken',
    `version ${row.version} of ${row.productId} exists already with another content (${holder.fileName}, ${holder.sha256.slice(0, 12)}…)`,
    'A new content needs a new version number.',
    { productId: row.productId, version: row.version, sha256: holder.sha256 },
  );
}
