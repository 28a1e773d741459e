import type { StationContract } from '#shared/contract/index.ts';
import type { TopicState } from '#shared/rpc/index.ts';
import { shallowRef, type ShallowRef } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useVersionMismatch } from './version-mismatch.ts';

type Topics = StationContract['topics'];

/** A topic as a store holds it: `null` until the first snapshot, then the latest state. */
export function useTopic<K extends keyof Topics & string>(
  name: K,
): ShallowRef<TopicState<StationContract, K> | null> {
  const client = useStationClient();
  const versionMismatch = useVersionMismatch();
  const state = shallowRef(null) as ShallowRef<TopicState<StationContract, K> | null>;
  client.watch(name, {
    onState: (next) => (state.value = next),
    onFault: (fault) => versionMismatch.report(name, fault),
  });
  return state;
}
