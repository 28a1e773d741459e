/** What is in the air around simulated units: Wi-Fi access points, and the UDP ports of a unit in its own network. */
export { accessPoint, type AccessPoint, accessPoints, USUAL_ACCESS_POINT, WifiAir } from './air.ts';
export { type OnDatagram, UnitSockets } from './unit-sockets.ts';
export { readWifiFile } from './wifi-file.ts';
