import type { SetupState } from '#shared/contract/index.ts';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useCall, useStationClient } from '#services/client/index.ts';

export type SetupStep = keyof SetupState['done'];

/** The steps until the first PASS, in their order. */
export const SETUP_STEPS: readonly SetupStep[] = [
  'engineer',
  'name',
  'registry',
  'slots',
  'triples',
  'batch',
  'pass',
];
/** A station may work without these. */
const OPTIONAL: ReadonlySet<SetupStep> = new Set(['name', 'registry']);
export const isOptional = (step: SetupStep): boolean => OPTIONAL.has(step);

/** What is missing until the first PASS, as the station computes it. */
export const useSetup = defineStore('setup', () => {
  const client = useStationClient();
  const request = useCall(({ call }) => call('setup.state', {}), { repeatAfterLoss: true });
  const state = computed(() => request.data);
  const fault = computed(() => request.fault);
  const missing = computed(() => SETUP_STEPS.filter((step) => state.value?.done[step] === false));
  /** True once the station has made a unit that passed: the list is over. */
  const isComplete = computed(() => state.value?.done.pass === true);
  /** A station that nobody has set up, by page or by command: it opens on its setup page. */
  const isNew = computed(
    () =>
      state.value !== null && state.value.needsEngineer && !state.value.done.batch && !state.value.done.pass,
  );
  /** Reads the state now, or as soon as the station is connected. */
  function loadWhenAttached(): void {
    if (client.attached) void request.run();
    else {
      const stop = client.onAttached(() => {
        stop();
        void request.run();
      });
    }
  }
  return { isNew, loadWhenAttached, state, fault, missing, isComplete, load: () => request.run() };
});
