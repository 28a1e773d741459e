import type { RouteRecordRaw } from 'vue-router';

/** The checklist until the first PASS. It is not in the navigation: the card of the back office leads to it. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/setup',
    name: 'setup',
    component: () => import('./SetupPage.vue'),
    meta: { needs: 'users.list' },
  },
];
