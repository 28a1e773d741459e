/** The settings of a station: its name, its registry, the limits of its recordings, the defaults of its pages. */
export { settingsHandlers } from './handlers.ts';
export { type Hardware, readHardware } from './hardware.ts';
export { recordingLimits } from './recording-limits.ts';
export {
  readRegistryBinding,
  readRegistryUrl,
  readStationName,
  SEALED_SETTINGS,
} from './registry-binding.ts';
export { Settings, type SettingsChange } from './settings.ts';
export { tryRegistry } from './try-registry.ts';
