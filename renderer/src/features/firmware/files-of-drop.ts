import { CONFIG_NAME, FIRMWARE_SUFFIX, isDocumentName } from '#shared/domain/firmware.ts';

/** More files cannot be one package; the station refuses them. */
const MAX_FILES = 16;

/**
 * The files of a drop. Of a folder: the files of a package at any depth, and its documents.
 */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // Entries must be taken at once: the list is empty after the event.
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found: File[] = [];
  for (const entry of entries) await collect(entry, found);
  const parts = found.filter(({ name }) => isPart(name));
  const documents = found.filter(
    ({ name }) => !isPart(name) && isDocumentName(name) && !name.startsWith('._'),
  );
  // A folder without files of a package is sent unchanged, so that the reason of the station is shown.
  return (parts.length > 0 ? [...parts, ...documents] : found).slice(0, MAX_FILES);
}

function isPart(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === CONFIG_NAME || lower.endsWith(FIRMWARE_SUFFIX);
}

async function collect(entry: FileSystemEntry, found: File[]): Promise<void> {
  if (isFile(entry)) found.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)));
  else if (isDirectory(entry)) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (some.length === 0) return;
      for (const one of some) await collect(one, found);
    }
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
