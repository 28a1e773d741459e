/** Commands of the same user's other processes to a station that owns its data directory. */
export { sendToRunningStation, isStationRunning } from './send-request.ts';
export { type ControlRequest, perform } from './control-request.ts';
export { serveControl } from './serve-control.ts';
