/** The MQTT broker for devices, with login and topics of the cloud. */
export { startBroker, type Broker, type BrokerOptions, type ControlledDevice } from './broker.ts';
export type { DeviceLink } from './device-link.ts';
export { type OwnerNotice, sendOwnerNotice } from './owner-notices.ts';
