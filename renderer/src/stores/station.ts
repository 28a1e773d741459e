import type { StationInfo } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { asFault, type FaultView, useStationClient } from '#services/client/index.ts';

/** Who we are talking to. Asked again on every wire: the station may have been restarted as another version. */
export const useStation = defineStore('station', () => {
  const client = useStationClient();
  const info = shallowRef<StationInfo | null>(null);
  const fault = ref<FaultView | null>(null);

  const ask = async (): Promise<void> => {
    if (!client.attached) return;
    try {
      info.value = await client.call('station.info', {});
      fault.value = null;
    } catch (error) {
      fault.value = asFault(error);
    }
  };
  client.onAttached(() => void ask());
  void ask();

  return { info, fault };
});
