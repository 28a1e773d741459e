/**
 * `GET /files/<fileId>` of a page's own host: the download of a file that the station has written. Pages know ids, never
 * paths.
 */
export interface OutgoingFile {
  readonly path: string;
  /** File name for the download. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
}

/** The path of a file below the page's origin; a browser also needs a ticket, see `kiosk-session.ts`. */
export function pathOfFile(fileId: string, ticket: string | null): string {
  const path = `/files/${encodeURIComponent(fileId)}`;
  return ticket === null ? path : `${path}?ticket=${ticket}`;
}

/** The file id of a path; `null` for any other path. Ids contain no `%`, so that nothing is decoded. */
export function fileIdIn(path: string): string | null {
  return /^\/files\/([\w-]{1,128})$/.exec(path)?.[1] ?? null;
}

/** The headers of the answer. */
export function headersOfFile(file: OutgoingFile, sizeBytes: number): Record<string, string> {
  return {
    'content-type': file.type,
    'content-length': String(sizeBytes),
    'content-disposition': asDownload(file.name),
    'cache-control': 'no-store',
  };
}

/** RFC 6266: the name in UTF-8, and an ASCII name for clients that do not support it. */
function asDownload(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
