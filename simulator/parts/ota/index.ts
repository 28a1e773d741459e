/** Updates of a unit's firmware over the network: the download by range, its place in the flash, and the messages to the cloud. */
export { OtaMemory, type CachedFirmware } from './ota-memory.ts';
export { install, SelfUpdates } from './self-updates.ts';
export { isUpdateTopic, UpdateAgent, type UpdateListener } from './update-agent.ts';
