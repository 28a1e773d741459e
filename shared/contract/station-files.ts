/**
 * `GET /files/<fileId>` of a page's own host: a file that the station has made for somebody to take along, as a download.
 * Pages know ids, never paths.
 */
export interface OutgoingFile {
  readonly path: string;
  /** What it shall be called where it is saved. */
  readonly name: string;
  /** Its media type. */
  readonly type: string;
}

/** Where a page finds it, below its own origin; a browser needs a ticket besides, see `kiosk-session.ts`. */
export function pathOfFile(fileId: string, ticket: string | null): string {
  const path = `/files/${encodeURIComponent(fileId)}`;
  return ticket === null ? path : `${path}?ticket=${ticket}`;
}

/** The id in such a path, or `null` where the path is any other. Ids have no need of `%`, and none is decoded. */
export function fileIdIn(path: string): string | null {
  return /^\/files\/([\w-]{1,128})$/.exec(path)?.[1] ?? null;
}

/** What the answer says besides the file's bytes. */
export function headersOfFile(file: OutgoingFile, sizeBytes: number): Record<string, string> {
  return {
    'content-type': file.type,
    'content-length': String(sizeBytes),
    'content-disposition': asDownload(file.name),
    'cache-control': 'no-store',
  };
}

/** RFC 6266: the name in UTF-8 for every browser of this century, and something harmless for the others. */
function asDownload(name: string): string {
  const plain = name.replace(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
