/**
 * Tencent IoT Video on an AT module (document 001): peer-to-peer state, cloud storage properties, events and notices, and
 * their factory console on the same serial line. Cameras and door locks are built on it.
 */
export { startIotVideo } from './iot-video.ts';
export type { Announcer } from './announcer.ts';
export type { Extension, IotVideoOptions } from './iot-video.ts';
export { int, iotVideoModel, property } from './model.ts';
