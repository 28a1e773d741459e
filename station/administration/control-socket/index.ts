/** This module is for commands of the same user that come while the station owns its data directory. */
export { askRunningStation, isStationRunning } from './send-request.ts';
export { type ControlRequest, perform } from './control-request.ts';
export { serveControl } from './serve-control.ts';
