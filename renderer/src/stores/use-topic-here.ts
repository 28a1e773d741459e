import type { StationContract } from '#shared/contract/index.ts';
import type { TopicState } from '#shared/rpc/index.ts';
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { useStationClient } from '#services/client/index.ts';

type Topics = StationContract['topics'];

/** A topic that not everybody may see: watched for as long as the component that shows it. */
export function useTopicHere<K extends keyof Topics & string>(
  name: K,
): ShallowRef<TopicState<StationContract, K> | null> {
  const state = shallowRef(null) as ShallowRef<TopicState<StationContract, K> | null>;
  onScopeDispose(useStationClient().watch(name, { onState: (next) => (state.value = next) }));
  return state;
}
