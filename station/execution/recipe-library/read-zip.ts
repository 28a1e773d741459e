import { crc32 } from 'node:zlib';
import yauzl, { type Entry } from 'yauzl';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { CodedText } from '#shared/words/index.ts';
import { filesRefused, importText } from './import-texts.ts';

const MAX_ENTRIES = 200;

/**
 * Unpacks a zip of a recipe in memory: its files by their paths. yauzl refuses absolute paths and `..`, and checks the
 * declared sizes, which are summed before anything is unpacked; the checksums are compared here. Faults: `recipe-files-invalid`, the signal's reason.
 *
 * @param maxBytes of all files together
 */
export async function readZip(
  bytes: Uint8Array,
  { archive, maxBytes }: { readonly archive: string; readonly maxBytes: number },
  signal: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  try {
    const zip = await yauzl.fromBufferPromise(Buffer.from(bytes), { lazyEntries: true });
    if (zip.entryCount > MAX_ENTRIES) throw refused(importText('zip-files', archive, zip.entryCount));
    let declared = 0;
    for await (const entry of zip.eachEntry()) {
      throwIfAborted(signal);
      if (entry.fileName.endsWith('/')) continue;
      requireFile(entry, archive);
      declared += entry.uncompressedSize;
      if (declared > maxBytes) throw refused(importText('zip-large', archive, maxBytes));
      const chunks: Buffer[] = [];
      for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
      const content = Buffer.concat(chunks);
      if (crc32(content) !== entry.crc32) throw refused(importText('zip-damaged', archive, entry.fileName));
      // Another program may show the one and this one use the other.
      if (files.has(entry.fileName)) throw refused(importText('zip-two-files', archive, entry.fileName));
      files.set(entry.fileName, content);
    }
  } catch (error) {
    if (error instanceof Fault || signal.aborted) throw error;
    throw refused(
      importText('zip-unreadable', archive, error instanceof Error ? error.message : String(error)),
    );
  }
  return files;
}

/** A symbolic link is no file of a recipe. */
function requireFile(entry: Entry, archive: string): void {
  if (((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000)
    throw refused(importText('zip-link', archive, entry.fileName));
  if (entry.isEncrypted()) throw refused(importText('zip-encrypted', archive));
}

function refused(text: CodedText): Fault {
  return filesRefused(text, 'Pack only the recipe and its files, as a plain zip.');
}
