import type { StationSettings } from '#shared/contract/index.ts';
import { inject, type InjectionKey, provide, type Ref } from 'vue';

/** The settings of the station as the page last read them. A reply to a change replaces them. */
const SETTINGS: InjectionKey<Ref<StationSettings>> = Symbol('station settings');

export function provideStationSettings(settings: Ref<StationSettings>): void {
  provide(SETTINGS, settings);
}

/** Faults: none; the page shows its sections only when the settings were read. */
export function useStationSettings(): Ref<StationSettings> {
  const settings = inject(SETTINGS);
  if (settings === undefined) throw new Error('a section of the station page stands alone');
  return settings;
}
