import type { SlotView } from '#shared/contract/index.ts';
import { computed, type ComputedRef, onMounted } from 'vue';
import { type Call, useCall } from '#services/client/index.ts';
import { useElapsed } from './elapsed.ts';

/** The code that a slot shows, without its content. */
export type SlotCode = NonNullable<NonNullable<SlotView['run']>['code']>;

/**
 * The content of the code that a slot shows, and the seconds in which it is still shown. The content is asked for when the component
 * is mounted and is gone with it: a component for each code.
 */
export function useShownCode(
  slot: number,
  { codeId, shownAtMs, endsAtMs }: SlotCode,
): {
  readonly load: Call<
    [],
    { readonly ssid: string; readonly picture: { quietModules: number; rows: string[] } }
  >;
  readonly secondsLeft: ComputedRef<number>;
} {
  const time = useElapsed();
  const load = useCall(({ call }) => call('wifiCodes.shown', { slot, codeId }), { repeatAfterLoss: true });
  onMounted(load.run);
  const secondsLeft = computed(() =>
    Math.max(0, Math.ceil((endsAtMs - shownAtMs - time.since(`code:${codeId}`, shownAtMs)) / 1000)),
  );
  return { load, secondsLeft };
}
