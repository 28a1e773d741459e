/** The Wi-Fi access points in range of simulated units. */
export { accessPoint, type AccessPoint, accessPoints, USUAL_ACCESS_POINT, WifiAir } from './air.ts';
export { readWifiFile } from './wifi-file.ts';
