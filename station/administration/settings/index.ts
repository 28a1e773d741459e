/** What an engineer configures of a station: its name, its registry, how much of its recordings is kept. */
export { recordingLimits } from './recording-limits.ts';
export { type RegistryBinding, SEALED_SETTINGS, Settings, type SettingsChange, type StoredBinding } from './settings.ts';
