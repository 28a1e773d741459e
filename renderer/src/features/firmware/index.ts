/** Firmware packages: brought in, looked at, sent to the registry, put online and taken offline. */
export { default as FirmwarePage } from './FirmwarePage.vue';
