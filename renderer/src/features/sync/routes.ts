import { computed } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import { useSync } from '#stores/index.ts';

/** `/sync`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/sync',
    name: 'sync',
    component: () => import('./SyncPage.vue'),
    meta: {
      needs: 'sync.retry',
      navigation: { title: 'sync.title', icon: 'cloudUp', useCount: useParkedCount },
    },
  },
];

function useParkedCount() {
  const sync = useSync();
  return computed(() => sync.state?.parked ?? 0);
}
