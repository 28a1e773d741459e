/** Writes the flash of units: what all protocols have in common. Each protocol has a folder beside this one. */
export type {
  FlashedApp,
  FlashedImage,
  FlashImage,
  FlashJob,
  FlashMemory,
  FlashProgress,
  FlashProtocol,
  FlashResult,
} from './flash-protocol.ts';
export { throttleProgress } from './throttle-progress.ts';
export { runTransfer, type TransferRequest } from './transfer.ts';
export { PortReader } from './port-reader.ts';
export { PortSpeed } from './port-speed.ts';
export { kbitPerSecond, TransferMeter } from './transfer-meter.ts';
export { proveAgain } from './prove-again.ts';
export { requireSeparate } from './require-separate.ts';
export { unitExchanged } from './unit-exchanged.ts';
