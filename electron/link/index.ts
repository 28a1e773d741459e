/** What main and the core's process say to each other besides pages' frames: start, stop, pages, the keychain. */
export { type CoreMessage, coreMessage, type MainMessage, mainMessage, OPERATOR } from './messages.ts';
export { PAGE_CONNECT, PAGE_PORT } from './channels.ts';
