import type { NearbyUnit } from '#shared/contract/index.ts';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { useCall } from '#services/client/index.ts';

/** One round of listening: short enough that the list is alive, long enough for several advertisements of each unit. */
const ROUND_MS = 1500;
/** A unit that was not heard in so many rounds is gone. */
const MISSED_ROUNDS = 3;
/** The order of the list changes only when the strength changes by more than the noise. */
const ORDER_STEP_DB = 8;

interface Heard extends NearbyUnit {
  readonly missed: number;
  readonly orderDbm: number;
}

/** The units near, as long as it listens. */
export function useNearby() {
  const heard = shallowRef<readonly Heard[]>([]);
  const isListening = ref(false);
  const round = useCall(({ call }) => call('nearby.listen', { forMs: ROUND_MS }), { overlap: 'ignore' });

  async function start(): Promise<void> {
    if (isListening.value) return;
    isListening.value = true;
    while (isListening.value) {
      const answer = await round.run();
      if (answer === undefined) break;
      if (isListening.value) heard.value = merged(heard.value, answer.units);
    }
    isListening.value = false;
  }
  function stop(): void {
    isListening.value = false;
    round.cancel();
  }
  onScopeDispose(stop);

  const units = computed((): readonly NearbyUnit[] =>
    heard.value.toSorted((a, b) => b.orderDbm - a.orderDbm || a.address.localeCompare(b.address)),
  );
  return { units, isListening, fault: computed(() => round.fault), start, stop };
}

function merged(before: readonly Heard[], units: readonly NearbyUnit[]): readonly Heard[] {
  const known = new Map(before.map((unit) => [unit.address, unit]));
  const now = units.map((unit): Heard => {
    const old = known.get(unit.address);
    known.delete(unit.address);
    const isSteady = old !== undefined && Math.abs(old.orderDbm - unit.rssiDbm) <= ORDER_STEP_DB;
    return { ...unit, missed: 0, orderDbm: isSteady ? old.orderDbm : unit.rssiDbm };
  });
  const missed = [...known.values()].map((unit) => ({ ...unit, missed: unit.missed + 1 }));
  return [...now, ...missed.filter((unit) => unit.missed < MISSED_ROUNDS)];
}
