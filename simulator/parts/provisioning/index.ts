/** What a simulated unit does after it was given a network and a provisioning token: join, log in, report the token. */
export { Binding, type TokenReply } from '../binding/index.ts';
export { type ProvisioningResult, WifiUnit, type WifiUnitEvents } from './wifi-unit.ts';
