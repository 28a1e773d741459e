import { defineStore } from 'pinia';
import { computed, watch } from 'vue';
import { useStationClient, useCall } from '#services/client/index.ts';
import { usePreferences } from './preferences.ts';

/** Version and setup of the station. Loaded on every connection: the station may have been restarted as another version. */
export const useStation = defineStore('station', () => {
  const client = useStationClient();
  const request = useCall(({ call }) => call('station.info', {}));
  const info = computed(() => request.data);
  const load = (): void => {
    if (client.attached) void request.run();
  };
  client.onAttached(load);
  load();

  const preferences = usePreferences();
  watch(info, (loaded) => {
    if (loaded !== null) preferences.setDefaults(loaded.pages);
  });

  /** `reload`: after a setting was changed on this page. */
  return { info, reload: load };
});
