import { type FileHandle, open } from 'node:fs/promises';
import { hasErrno } from '#node-kit/files/index.ts';
import { PAGE_HEADERS } from '#shared/contract/page-policy.ts';
import { fileIdIn, headersOfFile, type OutgoingFile } from '#shared/contract/station-files.ts';

/** Read at a time; no more of a file that is saved is ever in memory. */
const PIECE_BYTES = 256 * 1024;

/** Finds a file by its id for the user at the window that requests it; `null` when there is none or they may not have it. */
export type FindFile = (fileId: string) => Promise<OutgoingFile | null>;

/**
 * Answers `GET /files/<fileId>` of the pages' own origin with the file as a download, read as fast as it is saved. Any other
 * request, and a file that this user may not have, is answered with 404.
 */
export async function answerFile(request: Request, find: FindFile): Promise<Response> {
  const fileId = isFromOurPage(request) ? fileIdIn(new URL(request.url).pathname) : null;
  const file = fileId === null ? null : await find(fileId);
  const opened = file === null ? null : await openFile(file.path);
  if (file === null || opened === null) return new Response(null, { status: 404, headers: PAGE_HEADERS });
  const headers = { ...PAGE_HEADERS, ...headersOfFile(file, opened.size) };
  return new Response(streamOf(opened.handle, opened.size), { headers });
}

/** Checks the headers with which Chromium names the origin of a request, as far as it has sent them. */
function isFromOurPage({ method, url, headers }: Request): boolean {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const { protocol, host } = new URL(url);
  return (
    method === 'GET' &&
    (origin === null || origin === `${protocol}//${host}`) &&
    (site === null || site === 'same-origin' || site === 'none')
  );
}

/** `null` when the file was removed from the disk. */
async function openFile(path: string): Promise<{ handle: FileHandle; size: number } | null> {
  let handle;
  try {
    handle = await open(path);
    return { handle, size: (await handle.stat()).size };
  } catch (error) {
    await handle?.close();
    if (hasErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Exactly `size` bytes; the handle is closed before the reader sees the end or a fault, and on a cancel. */
function streamOf(handle: FileHandle, size: number): ReadableStream<Uint8Array> {
  let offset = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(PIECE_BYTES, size - offset));
          const { bytesRead } = await handle.read(piece, 0, piece.length, offset);
          if (bytesRead === 0 && offset < size) throw new Error('the file became shorter while it was read');
          offset += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (offset < size) return;
          // Before the end: the reader may delete the file when it has seen that.
          await handle.close();
          controller.close();
        } catch (error) {
          await handle.close();
          controller.error(error);
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}
