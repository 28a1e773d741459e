/** The client of the station, which keeps its subscriptions over reconnections, and `useCall` for components. */
export { bridgeOf, type Dial, chooseDial } from './dial.ts';
export { type KioskSession, openKioskSession } from './kiosk-session.ts';
export { retryWait } from './retry-wait.ts';
export { keepConnected, type KeepConnectedOptions } from './keep-connected.ts';
export { type StationClient, STATION_CLIENT, useStationClient } from './station-client.ts';
export { asFault, type FaultView } from './as-fault.ts';
export { type Call, type CallContext, useCall } from './use-call.ts';
export { type CursorPage, type CursorPages, useCursorPages } from './use-cursor-pages.ts';
export { portTransport } from './port-transport.ts';
