import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'runs.dialogue' } as const;

/** `/runs?…` with the conditions of a filter in the query, and `/runs/ID?…` for a run among those of the filter. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/runs',
    name: 'runs',
    component: () => import('./RunsPage.vue'),
    meta: { ...meta, navigation: { title: 'runs.title', icon: 'list' } },
  },
  {
    path: '/runs/:runId',
    name: 'run',
    component: () => import('./RunPage.vue'),
    props: ({ params: { runId } }) => ({ runId }),
    meta,
  },
];
