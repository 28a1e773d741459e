import { contract, type SessionView, type StationContract } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useStationClient } from '#services/client/index.ts';
import { useTopic } from './use-topic.ts';

type CallName = keyof StationContract['calls'];

/** Who sits at this screen. The station decides; the page only follows what it announces. */
export const useSession = defineStore('session', () => {
  const client = useStationClient();
  const state = useTopic('session');

  const role = computed(() => state.value?.role ?? 'operator');
  /** Whether the user who sits here may ask this of the station: what may not be done is not offered. */
  const may = (call: CallName): boolean =>
    contract.calls[call].roles.some((allowed) => allowed === role.value);

  const signOut = (): Promise<SessionView> => client.call('session.signOut', {});

  return { state, role, may, signOut };
});
