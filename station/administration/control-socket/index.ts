/** Commands of the same user's other processes to a station that owns its data directory. */
export {
  callRunningStation,
  isStationRunning,
  lendToRunningStation,
  sendToRunningStation,
} from './send-to-running-station.ts';
export { type UsersRequest, perform } from './users-request.ts';
export { serveControl } from './serve-control.ts';
