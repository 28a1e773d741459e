import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'reports.export' } as const;

/** `/batches`, `/batches/ID`, and `/batches/ID/runs/ID` of earlier versions, which leads to the page of the run. */
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
  },
  {
    path: '/batches/:batchId/runs/:runId',
    redirect: ({ params: { batchId, runId } }) => ({
      name: 'run',
      params: { runId: String(runId) },
      query: { batch: String(batchId) },
    }),
  },
];
