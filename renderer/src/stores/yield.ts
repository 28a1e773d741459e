import { defineStore } from 'pinia';
import { computed } from 'vue';
import { useClock } from './clock.ts';
import { useTopic } from './use-topic.ts';

const HOUR_MS = 3_600_000;
/** A last hour of fewer units says more about luck than about the line. */
const LEAST_UNITS = 10;
/** So much below the whole batch is worth a look. */
const FALLEN_BY = 0.05;

/** How good the batch at work is, as far as it has been counted. */
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
    return { units, fpy, fallen: units >= LEAST_UNITS && fpy < whole - FALLEN_BY };
  });

  /** What somebody should look at, what comes first being the most pressing. */
  const warnings = computed(() => state.value?.warnings ?? []);

  return { state, figures, lastHour, warnings };
});
