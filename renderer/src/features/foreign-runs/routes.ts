import type { RouteRecordRaw } from 'vue-router';

/** `/runs/imported`: a page of its own, reached from the page of runs. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/runs/imported',
    name: 'foreign-runs',
    component: () => import('./ForeignRunsPage.vue'),
    meta: { needs: 'foreignRuns.search' },
  },
];
