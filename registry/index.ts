/** The device registry: the cloud's list of devices. HTTP for stations, MQTT for devices, SQLite; a process of its own. */
export { createRegistry, type Registry, type RegistryOptions } from './create-registry.ts';
export { isLoopback } from './certificate.ts';
export type { RegistryLog, RegistryLogEntry } from './platform.ts';
export type { KnownStation } from './stations/index.ts';
export { openRegistryStore, type RegistryStore } from './registry-store.ts';
export type { SeedRequest, SeedResult } from './seed/index.ts';
