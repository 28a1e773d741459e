import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useClock } from './clock.ts';
import { useTopic } from './use-topic.ts';

const HOUR_MS = 3_600_000;
/** With fewer units the yield of the last hour is not significant. */
const MIN_UNITS = 10;
/** The last hour counts as fallen when it is this much below the whole batch. */
const FALLEN_BY = 0.05;

/** Yield of the active batch, as far as it has been counted. */
export const useYield = defineStore('yield', () => {
  const clock = useClock();
  const state = useTopic('yield');
  const figures = computed(() => state.value?.figures ?? null);

  /** Of the units first tested within the hour; `null` when there were none, also when the last was long ago. */
  const lastHour = computed(() => {
    const points = (state.value?.lastHour ?? []).filter(({ atMs }) => atMs > clock.nowMs - HOUR_MS);
    const units = points.reduce((sum, point) => sum + point.units, 0);
    const firstPass = points.reduce((sum, point) => sum + point.firstPass, 0);
    if (units === 0) return null;
    const fpy = firstPass / units;
    const whole = figures.value?.fpy ?? fpy;
    return { units, fpy, fallen: units >= MIN_UNITS && fpy < whole - FALLEN_BY };
  });

  /** Warnings of the station, the most urgent first. */
  const warnings = computed(() => state.value?.warnings ?? []);

  return { state, figures, lastHour, warnings };
});
