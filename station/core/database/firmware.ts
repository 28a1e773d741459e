import type { Db } from './database.ts';

export type GivenBy = 'given' | 'mapping' | 'header';

export interface FirmwareRow {
  readonly sha256: string;
  readonly md5: string;
  readonly sizeBytes: number;
  readonly fileName: string;
  readonly packageName: string;
  /** JSON, see the migration. */
  readonly header: string | null;
  readonly config: Uint8Array;
  readonly productId: string | null;
  readonly productFrom: Exclude<GivenBy, 'header'> | null;
  readonly version: string | null;
  readonly versionFrom: GivenBy | null;
  /** The name in the package when it is not valid as one. */
  readonly invalidProduct: string | null;
  readonly invalidVersion: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly importedBy: string;
  readonly importedAtMs: number;
}

/** A document of a package. Its content is a file beside those of firmware. */
export interface FirmwareDocumentRow {
  readonly firmwareSha256: string;
  /** Path inside the package, with `/`. */
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A file of a package as a batch flashes it. */
export type KeptFirmwareFile = Omit<FirmwareDocumentRow, 'firmwareSha256'>;

export interface FirmwareUploadRow {
  readonly sha256: string;
  readonly registryUrl: string;
  readonly registryFirmwareId: string | null;
  readonly state: 'uploading' | 'offline' | 'online';
  readonly received: number;
  readonly registrySha256: string | null;
  readonly startedAtMs: number;
  readonly completedAtMs: number | null;
}

const SELECT = `SELECT sha256, md5, size_bytes AS sizeBytes, file_name AS fileName, package_name AS packageName, header,
  config, product_id AS productId, product_from AS productFrom, version, version_from AS versionFrom,
  product_unfit AS invalidProduct, version_unfit AS invalidVersion, name, description,
  imported_by AS importedBy, imported_at AS importedAtMs FROM firmware`;
const SELECT_DOCUMENT = `SELECT firmware_sha256 AS firmwareSha256, path, sha256, size_bytes AS sizeBytes
  FROM firmware_document`;
const SELECT_UPLOAD = `SELECT sha256, registry_url AS registryUrl, firmware_id AS registryFirmwareId, state, received,
  registry_sha256 AS registrySha256, started_at AS startedAtMs, completed_at AS completedAtMs FROM firmware_upload`;

/** Firmware packages, and the progress of their uploads to each registry. */
export function createFirmwareRepository(db: Db) {
  const add = db.prepare(`
    INSERT INTO firmware (sha256, md5, size_bytes, file_name, package_name, header, config, product_id, product_from,
      version, version_from, product_unfit, version_unfit, name, description, imported_by, imported_at)
    VALUES (:sha256, :md5, :sizeBytes, :fileName, :packageName, :header, :config, :productId, :productFrom,
      :version, :versionFrom, :invalidProduct, :invalidVersion, :name, :description, :importedBy, :importedAtMs)`);
  const name = db.prepare(
    'UPDATE firmware SET product_id = ?, product_from = ?, version = ?, version_from = ? WHERE sha256 = ?',
  );
  const all = db.prepare<[], FirmwareRow>(`${SELECT} ORDER BY imported_at DESC, sha256`);
  const bySha256 = db.prepare<[string], FirmwareRow>(`${SELECT} WHERE sha256 = ?`);
  const byVersion = db.prepare<[string, string], FirmwareRow>(
    `${SELECT} WHERE product_id = ? AND version = ?`,
  );
  const byPrefix = db.prepare<[{ prefix: string }], FirmwareRow>(
    // Hex digits all come before g.
    `${SELECT} WHERE sha256 >= :prefix AND sha256 < :prefix || 'g'`,
  );
  const upload = db.prepare<[string, string], FirmwareUploadRow>(
    `${SELECT_UPLOAD} WHERE sha256 = ? AND registry_url = ?`,
  );
  const uploads = db.prepare<[string], FirmwareUploadRow>(`${SELECT_UPLOAD} WHERE sha256 = ?`);
  const putUpload = db.prepare(`
    INSERT INTO firmware_upload (sha256, registry_url, firmware_id, state, received, registry_sha256, started_at, completed_at)
    VALUES (:sha256, :registryUrl, :registryFirmwareId, :state, :received, :registrySha256, :startedAtMs, :completedAtMs)
    ON CONFLICT (sha256, registry_url) DO UPDATE SET firmware_id = excluded.firmware_id, state = excluded.state,
      received = excluded.received, registry_sha256 = excluded.registry_sha256, completed_at = excluded.completed_at`);
  // The same firmware may come again with a newer document.
  const putDocument = db.prepare(`
    INSERT INTO firmware_document (firmware_sha256, path, sha256, size_bytes)
    VALUES (:firmwareSha256, :path, :sha256, :sizeBytes)
    ON CONFLICT (firmware_sha256, path) DO UPDATE SET sha256 = excluded.sha256, size_bytes = excluded.size_bytes
    WHERE sha256 <> excluded.sha256`);
  const documents = db.prepare<[string], FirmwareDocumentRow>(
    `${SELECT_DOCUMENT} WHERE firmware_sha256 = ? ORDER BY path`,
  );
  const document = db.prepare<[string], FirmwareDocumentRow>(`${SELECT_DOCUMENT} WHERE sha256 = ? LIMIT 1`);
  const keepForBatch = db.prepare(`
    INSERT INTO batch_firmware_file (batch_id, path, sha256, size_bytes)
    SELECT ?, path, sha256, size_bytes FROM firmware_document WHERE firmware_sha256 = ?`);
  const keptFiles = db.prepare<[string], KeptFirmwareFile>(
    'SELECT path, sha256, size_bytes AS sizeBytes FROM batch_firmware_file WHERE batch_id = ? ORDER BY path',
  );
  const isKept = db
    .prepare<[string], 1>('SELECT 1 FROM batch_firmware_file WHERE sha256 = ? LIMIT 1')
    .pluck();
  return {
    add: (row: FirmwareRow): void => void add.run(row),
    /** Sets product and version, and their source. */
    setName(
      sha256: string,
      product: Pick<FirmwareRow, 'productId' | 'productFrom'>,
      version: Pick<FirmwareRow, 'version' | 'versionFrom'>,
    ): void {
      name.run(product.productId, product.productFrom, version.version, version.versionFrom, sha256);
    },
    /** Newest first. */
    list: () => all.all(),
    findBySha256: (sha256: string) => bySha256.get(sha256) ?? null,
    findByVersion: (productId: string, version: string) => byVersion.get(productId, version) ?? null,
    listByPrefix: (prefix: string) => byPrefix.all({ prefix }),
    putDocument: (row: FirmwareDocumentRow): void => void putDocument.run(row),
    /** Of one package, by path. */
    listDocuments: (firmwareSha256: string) => documents.all(firmwareSha256),
    /** Any with this content. */
    findDocument: (sha256: string) => document.get(sha256) ?? null,
    /** Keeps the files that a package has now for the units of a batch. Once for a batch. */
    keepForBatch: (batchId: string, firmwareSha256: string): void =>
      void keepForBatch.run(batchId, firmwareSha256),
    /** The files that were kept for a batch, by path; none for a batch of an older version. */
    listOfBatch: (batchId: string) => keptFiles.all(batchId),
    /** Whether a batch flashes this content. */
    isKeptForBatch: (sha256: string) => isKept.get(sha256) !== undefined,
    findUpload: (sha256: string, registryUrl: string) => upload.get(sha256, registryUrl) ?? null,
    /** At whichever registry. */
    listUploads: (sha256: string) => uploads.all(sha256),
    putUpload: (row: FirmwareUploadRow): void => void putUpload.run(row),
  };
}
