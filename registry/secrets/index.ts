/** This module is for keeping DeviceSecrets unreadable on disk. */
export { openVault, type Vault } from './vault.ts';
