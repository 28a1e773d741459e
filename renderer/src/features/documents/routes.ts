import type { RouteRecordRaw } from 'vue-router';

/** `/verify`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/verify',
    name: 'verify',
    component: () => import('./VerifyPage.vue'),
    meta: { needs: 'documents.verify', navigation: { title: 'documents.verify.title', icon: 'certificate' } },
  },
];
