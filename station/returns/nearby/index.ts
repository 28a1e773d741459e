/** The units that advertise over Bluetooth near the returns desk: a list, what one of them says, and its provisioning. */
export { nearbyHandlers } from './handlers.ts';
export { type NearUnit, takeNear, type TakeNearOptions } from './take-near.ts';
export { provisionNearby, type ProvisionNearbyOptions, type ProvisionsNearby } from './provision-nearby.ts';
