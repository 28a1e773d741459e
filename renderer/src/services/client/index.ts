/** For holding one client of the station through every wire that comes and goes. */
export { bridgeOf, type Dial, chooseDial } from './dial.ts';
export { type Door, openDoor } from './door.ts';
export { eagerWait } from './eager-wait.ts';
export { keepConnected, type KeepConnectedOptions } from './keep-connected.ts';
export { type StationClient, STATION_CLIENT, useStationClient } from './station-client.ts';
export { asFault, type FaultView } from './as-fault.ts';
export { type Call, type CallContext, useCall } from './use-call.ts';
export { overPort } from './over-port.ts';
