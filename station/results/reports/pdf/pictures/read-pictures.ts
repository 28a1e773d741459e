import { isPicture } from '#shared/domain/attachment.ts';
import { type AttachmentFiles, type NoContent, readAttachment } from '../../../../core/attachments/index.ts';
import type { AttachmentRow } from '../../../../core/database/index.ts';
import { readJpeg } from './jpeg.ts';
import { BadPicture, type PdfPicture } from './picture.ts';
import { readPng } from './png.ts';

/** A larger file is named. */
const MAX_PICTURE_BYTES = 8 * 1024 * 1024;

/** A picture of a run with its name and digest. */
export interface ReportPicture {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly picture: PdfPicture;
}

/** A file of a run that a PDF names without showing it. */
export interface NamedFile {
  readonly name: string;
  readonly sha256: string;
  /** `other`: it is no picture that a PDF shows, or there is no space for it. */
  readonly why: NoContent | 'other' | 'unsupported';
}

/** What a PDF has of the files of a run. */
export interface RunFiles {
  readonly pictures: readonly ReportPicture[];
  readonly others: readonly NamedFile[];
}

interface PictureSpace {
  /** Pictures that may still be shown. */
  pictures: number;
  /** Bytes that they may still have in the PDF. */
  bytes: number;
}

/**
 * The pictures of a run, as many as there is space for, and its other files with the reason why they are not shown. Takes the space
 * of what it returns. A picture that cannot be read is one of the others.
 */
export async function readPictures(
  files: Pick<AttachmentFiles, 'pathOf'>,
  rows: readonly AttachmentRow[],
  space: PictureSpace,
): Promise<RunFiles> {
  const pictures: ReportPicture[] = [];
  const others: NamedFile[] = [];
  for (const row of rows) {
    const { name, sha256 } = row;
    const found =
      space.pictures > 0
        ? await readPicture(files, row, space.bytes)
        : row.removedAtMs === null
          ? 'other'
          : 'removed';
    if (typeof found === 'string') others.push({ name, sha256, why: found });
    else {
      pictures.push({ name, sha256, picture: found });
      space.pictures -= 1;
      space.bytes -= found.data.length;
    }
  }
  return { pictures, others };
}

async function readPicture(
  files: Pick<AttachmentFiles, 'pathOf'>,
  row: AttachmentRow,
  freeBytes: number,
): Promise<PdfPicture | NamedFile['why']> {
  if (!isPicture(row.mediaType)) return row.removedAtMs === null ? 'other' : 'removed';
  if (row.mediaType === 'image/webp') return row.removedAtMs === null ? 'unsupported' : 'removed';
  const file = await readAttachment(files, row, MAX_PICTURE_BYTES);
  if (typeof file === 'string') return file;
  try {
    const picture = row.mediaType === 'image/png' ? await readPng(file) : readJpeg(file);
    return picture.data.length > freeBytes ? 'other' : picture;
  } catch (error) {
    if (error instanceof BadPicture) return error.why;
    throw error;
  }
}
