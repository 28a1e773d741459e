/** Newer versions of the program: a source, a verified download, and the installer (ADR 67). */
export { updateHandlers } from './handlers.ts';
export { createUpdates } from './create-updates.ts';
export type { OpenInstaller } from './updates.ts';
