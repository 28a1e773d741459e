/** Files by their SHA-256 in a folder of the data directory: firmware, attachments of runs. */
export {
  type ContentKind,
  type ContentStore,
  createContentStore,
  mebibytes,
  type TemporaryContent,
} from './content-store.ts';
