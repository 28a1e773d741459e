/** The pictures of runs as a PDF takes them: small, without metadata, refused by their header when they are huge. */
export { type PdfPicture } from './picture.ts';
export { type NamedFile, readPictures, type ReportPicture, type RunFiles } from './read-pictures.ts';
