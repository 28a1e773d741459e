/** Messages between main and the core's process besides the frames of pages: start, stop, pages, files, the keychain. */
export {
  type CoreMessage,
  coreMessage,
  type MainMessage,
  mainMessage,
  OPERATOR,
  type StationNotice,
} from './messages.ts';
export { PAGE_UPLOAD, PAGE_CONNECT, PAGE_FILE_PORT, PAGE_PORT } from './channels.ts';
