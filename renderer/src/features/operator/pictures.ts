import { defineStore } from 'pinia';
import { useStationClient } from '#services/client/index.ts';

/** Pictures of recipes, each requested once for all slots. */
export const usePictures = defineStore('pictures', () => {
  const client = useStationClient();
  let batch = '';
  let known = new Map<string, Promise<string>>();

  /** The URL of a picture for an `img`. Rejects with a Fault when there is none. */
  function of(batchId: string, name: string): Promise<string> {
    if (batch !== batchId) [batch, known] = [batchId, new Map()];
    const found =
      known.get(name) ??
      client
        .call('recipes.picture', { batchId, name })
        .then(({ mediaType, base64 }) => `data:${mediaType};base64,${base64}`);
    known.set(name, found);
    // A failed request is not cached: the connection may have been lost.
    found.catch(() => known.delete(name));
    return found;
  }
  return { of };
});
