/** The units that advertise over Bluetooth near the returns desk: a list, and what one of them says. */
export { nearbyHandlers } from './handlers.ts';
