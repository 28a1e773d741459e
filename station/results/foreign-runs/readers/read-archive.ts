import type { Readable } from 'node:stream';
import { Fault } from '#shared/domain/fault.ts';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { type Candidate, MAX_RECORD } from '../candidate.ts';
import { candidateOf } from './read-json.ts';
import { parseOpenHtf } from './openhtf-record.ts';

/** Records of OpenHTF in a ZIP archive, one in each file that ends with `.json`. Faults: `bad-input` for a damaged archive, those of the file system. */
export async function* readArchive(path: string): AsyncGenerator<Candidate> {
  const zip = await open(path);
  try {
    let line = 0;
    for (;;) {
      const entry = await nextEntry(zip);
      if (entry === null) return;
      if (!entry.fileName.endsWith('.json')) continue;
      line += 1;
      if (entry.uncompressedSize > MAX_RECORD) {
        yield { line, reason: 'it is too long' };
        continue;
      }
      const text = await readEntry(zip, entry);
      yield text === null
        ? { line, reason: 'it is damaged in the archive' }
        : candidateOf(line, () => parseOpenHtf(text));
    }
  } finally {
    zip.close();
  }
}

function open(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error === null) resolve(zip);
      else reject(damagedOr(error));
    });
  });
}

/** An error without a number of the system is one of the archive. */
function damagedOr(error: Error): Error {
  if ('errno' in error) return error;
  return new Fault('bad-input', `the archive is damaged: ${error.message.replace(/\.$/, '')}`, {
    hint: 'Copy it again, or unpack it and import its files.',
  });
}

/** Null after the last one. */
function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const done = (settle: () => void) => (): void => {
      zip.removeAllListeners();
      settle();
    };
    zip.once('entry', (entry: Entry) => {
      done(() => {
        resolve(entry);
      })();
    });
    zip.once(
      'end',
      done(() => {
        resolve(null);
      }),
    );
    zip.once('error', (error: Error) => {
      done(() => {
        reject(damagedOr(error));
      })();
    });
    zip.readEntry();
  });
}

/** Null when it does not have the size and the content that the archive names. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<string | null> {
  try {
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, opened) => {
        if (error === null) resolve(opened);
        else reject(error);
      });
    });
    const pieces: Buffer[] = [];
    for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
    return Buffer.concat(pieces).toString('utf8');
  } catch {
    return null;
  }
}
