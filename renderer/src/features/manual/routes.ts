import type { RouteRecordRaw } from 'vue-router';

/** `/help` and its chapters, as `/help/line`. For everybody, also without signing in. */
export const routes: readonly RouteRecordRaw[] = [
  { path: '/help', name: 'help', redirect: { name: 'help-chapter', params: { chapter: 'first-day' } } },
  { path: '/help/card', name: 'help-card', component: () => import('./CardPage.vue') },
  {
    path: '/help/:chapter',
    name: 'help-chapter',
    component: () => import('./ManualPage.vue'),
    props: true,
  },
];
