/** Wi-Fi provisioning codes on screens: those that runs show at their slots. */
export { wifiCodeHandlers } from './handlers.ts';
export { ShownCodes, type WifiCode } from './shown-codes.ts';
