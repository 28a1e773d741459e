import { type FileHandle, open } from 'node:fs/promises';
import { hasErrno } from '#node-kit/files/index.ts';
import { PAGE_HEADERS } from '#shared/contract/page-policy.ts';
import { fileIdIn, headersOfFile, type OutgoingFile } from '#shared/contract/station-files.ts';

/** Read at a time: all that is ever in memory of a file that is being saved. */
const PIECE_BYTES = 256 * 1024;

/** By its id, for who sits at the window that asks; `null` when there is none or it is not theirs. */
export type FindFile = (fileId: string) => Promise<OutgoingFile | null>;

/**
 * `GET /files/<fileId>` of the pages' own origin: the file as a download, read as fast as it is saved. Whatever is not
 * that, and whatever this person may not have, is 404: from outside all of these are the same.
 */
export async function answerFile(request: Request, find: FindFile): Promise<Response> {
  const fileId = isFromOurPage(request) ? fileIdIn(new URL(request.url).pathname) : null;
  const file = fileId === null ? null : await find(fileId);
  const opened = file === null ? null : await openFile(file.path);
  if (file === null || opened === null) return new Response(null, { status: 404, headers: PAGE_HEADERS });
  const headers = { ...PAGE_HEADERS, ...headersOfFile(file, opened.size) };
  return new Response(streamOf(opened.handle, opened.size), { headers });
}

/** Chromium says where a request comes from; what it does not say decides nothing, what it says must fit. */
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

/** `null` when somebody has tidied up behind the station. */
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

/** Exactly `size` bytes; the handle is closed at the end, on a fault and when nobody wants more. */
function streamOf(handle: FileHandle, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(PIECE_BYTES, size - at));
          const { bytesRead } = await handle.read(piece, 0, piece.length, at);
          if (bytesRead === 0 && at < size) throw new Error('the file became shorter while it was read');
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(piece.subarray(0, bytesRead));
          if (at < size) return;
          // First: whoever has heard that this is the end may take the file away.
          await handle.close();
          controller.close();
        } catch (error) {
          controller.error(error);
          await handle.close();
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}
