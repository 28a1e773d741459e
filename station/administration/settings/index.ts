/** What an engineer configures of a station: its name, its registry, how much of its recordings is kept. */
export { recordingLimits } from './recording-limits.ts';
export { readRegistryBinding, readStationName, SEALED_SETTINGS } from './registry-binding.ts';
export { Settings, type SettingsChange } from './settings.ts';
