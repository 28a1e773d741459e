/** A unit with LLSync, Tencent's protocol over Bluetooth LE, as its firmware: provisioning, binding, data, new firmware. */
export { type LlsyncKind, LlsyncUnit } from './llsync-unit.ts';
