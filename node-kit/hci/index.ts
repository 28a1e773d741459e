/** The packets between a Bluetooth host and its controller on a stream of bytes. */
export { H4Parser } from './h4-parser.ts';
