import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'reports.export' } as const;

/** `/batches`, `/batches/ID`, `/batches/ID/runs/ID`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/batches',
    name: 'batches',
    component: () => import('./BatchesPage.vue'),
    meta: { ...meta, navigation: { title: 'batches.title', icon: 'chart', homeOf: 'engineer' } },
  },
  {
    path: '/batches/:batchId',
    name: 'batch',
    component: () => import('./BatchReportPage.vue'),
    // With a key, another batch gets a new instance of the page.
    props: ({ params: { batchId } }) => ({ batchId, key: batchId }),
    meta,
    children: [
      {
        path: 'runs/:runId',
        name: 'run',
        component: () => import('./RunDrawer.vue'),
        props: ({ params: { runId } }) => ({ runId, key: runId }),
      },
    ],
  },
];
