/** This module is for hearing stations out: every event applied once in effect, however often it is sent. */
export { takeEvents, type TakenEvents } from './take-events.ts';
