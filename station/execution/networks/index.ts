/** The Wi-Fi networks of the station: sealed settings that recipes use by name. */
export { networkHandlers } from './handlers.ts';
export { networkOfRun, type WifiNetwork } from './network-of-run.ts';
export { NETWORKS, Networks } from './networks.ts';
