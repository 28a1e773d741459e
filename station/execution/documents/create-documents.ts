import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { SigningKeys, type Vault } from '../../identity/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Batches } from '../batches/index.ts';
import type { Slots } from '../slots/index.ts';
import { type DocumentDownloads, DocumentFiles } from './document-files.ts';
import { Documents } from './documents.ts';

export interface DocumentServicesOptions {
  readonly database: WritableDatabase;
  readonly vault: Vault;
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly config: { readonly appVersion: string };
  readonly registry: () => RegistryClient | null;
  readonly station: () => string;
  readonly batches: Batches;
  readonly slots: Slots;
  readonly downloads: DocumentDownloads;
  /** Called after a key was made, which the registry has to learn. */
  readonly onNewKey: () => void;
}

/** The services of signed documents, with the registry that they are compared with. */
export function createDocuments(options: DocumentServicesOptions) {
  const { database, vault, platform, audit, config, registry, downloads, onNewKey } = options;
  const { clock, random } = platform;
  const { appVersion } = config;
  const signingKeys = new SigningKeys(database, vault, platform, audit, onNewKey);
  return {
    registry,
    signingKeys,
    documents: new Documents({ ...options, signer: signingKeys, clock, appVersion }),
    documentFiles: new DocumentFiles(downloads, () => random.id()),
  };
}
