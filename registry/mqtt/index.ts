/** This module is for the devices: the registry's MQTT side, with the login and the topics of the cloud it stands for. */
export { startBroker, type Broker, type BrokerOptions, type ControlledDevice } from './broker.ts';
