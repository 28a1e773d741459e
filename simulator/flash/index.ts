/** What a simulated unit remembers without power: its identity, committed so that no kill leaves half of it. */
export { flashRecord } from './flash-record.ts';
export type { FlashRecord } from './flash-record.ts';
export { SecretVault } from './secret-vault.ts';
export { UnitFlash } from './unit-flash.ts';
export type { FlashOwner, HeldIdentity } from './unit-flash.ts';
