import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useStationClient, useCall } from '#services/client/index.ts';

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

  return { info };
});
