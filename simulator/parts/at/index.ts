/**
 * The Tencent AT module as a part of devices: identity over AT commands, a real MQTT login, and the application of the
 * product built on it.
 */
export { AtDevice } from './at-device.ts';
export { ESP8266_FIRMWARE } from './firmware.ts';
export { newLogin } from './login.ts';
export { MqttConnection } from './mqtt-connection.ts';
export type { ModuleFirmware } from './firmware.ts';
export { ParameterReader } from './parameter-reader.ts';
export type { Application, AtProduct } from './product.ts';
export type { StationNetwork } from './station-network.ts';
export { responseDelay } from './session.ts';
export type { Command, Session } from './session.ts';
