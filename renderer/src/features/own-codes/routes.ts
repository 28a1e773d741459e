import type { RouteRecordRaw } from 'vue-router';

/** `/returns/code/wifi`, which belongs to the returns desk in the navigation. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/returns/code/wifi',
    name: 'returns-code',
    component: () => import('./OwnCodePage.vue'),
    meta: { needs: 'wifiCodes.make' },
  },
];
