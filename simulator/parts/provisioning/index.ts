/** What a simulated unit does after it was given a network and a provisioning token: join, log in, report the token. */
export { Binding } from './binding.ts';
export type { TokenReply } from './binding.ts';
export { type ProvisioningResult, WifiUnit, type WifiUnitEvents } from './wifi-unit.ts';
