/** Seals DeviceSecrets for the database. */
export { openVault, type Vault } from './vault.ts';
