/** The flash of a simulated unit. A kill at any time leaves it with the old or the new identity. */
export { flashPath, flashRecord, readFlashRecord } from './flash-record.ts';
export type { FlashRecord } from './flash-record.ts';
export { BLOCK_BYTES, NorFlash, SECTOR_BYTES, TYPICAL_FLASH_TIMES } from './nor-flash.ts';
export type { FlashTimes, FlashWork } from './nor-flash.ts';
export { SecretVault } from './secret-vault.ts';
export { UnitFlash } from './unit-flash.ts';
export type { FlashOwner, StoredIdentity } from './unit-flash.ts';
