/** Wi-Fi provisioning codes on screens: those that runs show at their slots, and those that people make. */
export { wifiCodeHandlers } from './handlers.ts';
export { OwnCodes } from './own-codes.ts';
export { pictureOfCode } from './picture-of-code.ts';
export { ShownCodes, type WifiCode } from './shown-codes.ts';
