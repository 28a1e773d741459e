/** The simulated Wi-Fi radio of a unit: it joins an access point of the air, and keeps the network. */
export { type JoinResult, type KnownNetwork, WifiSide } from './wifi-side.ts';
