/** What the boot loaders of all chips have in common: when they run, and how they wait for bytes. */
export type { BootStage } from './boot-stage.ts';
export { BootingDevice } from './booting-device.ts';
export { ByteQueue, type RealWait } from './byte-queue.ts';
