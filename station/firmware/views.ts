import { withoutBom } from '#shared/codec/text-file.ts';
import type { FirmwareDetails, FirmwareFieldMap, FirmwareView } from '#shared/contract/index.ts';
import { FIRMWARE_FIELD_MEANINGS } from '#shared/contract/index.ts';
import type { FirmwareDocumentRow, FirmwareRow, FirmwareUploadRow } from '../core/database/index.ts';
import { readStoredFields } from './config-fields.ts';
import type { OtaHeader } from './ota-header.ts';

/**
 * A firmware as the contract has it.
 * @param upload to the registry that the station is bound to
 */
export function toView(row: FirmwareRow, upload: FirmwareUploadRow | null): FirmwareView {
  const { config: _, header, importedAtMs, ...rest } = row;
  return {
    ...rest,
    firmwareId: row.sha256,
    kind: header === null ? 'opaque' : 'bl60x',
    importedAtMs,
    registry: {
      state: upload?.state ?? 'none',
      receivedBytes: upload?.received ?? 0,
      sha256: upload?.registrySha256 ?? null,
      completedAtMs: upload?.completedAtMs ?? null,
    },
  };
}

/** A file of 256 KiB may have thousands of fields, which no page could show. */
const MAX_SHOWN_FIELDS = 500;

export function toDetails(
  row: FirmwareRow,
  upload: FirmwareUploadRow | null,
  map: FirmwareFieldMap,
  documents: readonly FirmwareDocumentRow[],
): FirmwareDetails {
  const meaningOf = (path: string): FirmwareDetails['fields'][number]['meaning'] =>
    FIRMWARE_FIELD_MEANINGS.find((meaning) => map[meaning] === path) ?? null;
  const fields = readStoredFields(row.config).map(({ path, text }) => ({
    path,
    text,
    meaning: meaningOf(path),
  }));
  return {
    ...toView(row, upload),
    header: row.header === null ? null : (JSON.parse(row.header) as OtaHeader),
    config: new TextDecoder().decode(withoutBom(row.config)),
    fields: fields.filter(({ meaning }, index) => index < MAX_SHOWN_FIELDS || meaning !== null),
    fieldCount: fields.length,
    documents: documents.map(({ path, sizeBytes, sha256 }) => ({
      fileId: documentFileId(sha256),
      path,
      sizeBytes,
      sha256,
    })),
  };
}

const DOCUMENT_ID = /^doc-([0-9a-f]{64})$/;

/** The file id of a document, for downloads by a page. */
export function documentFileId(sha256: string): string {
  return `doc-${sha256}`;
}

/** The SHA-256 of a document's file id; null for another id. */
export function sha256InFileId(fileId: string): string | null {
  return DOCUMENT_ID.exec(fileId)?.[1] ?? null;
}
