import type { RouteRecordRaw } from 'vue-router';

/** Addresses beside that of the operator's page itself. `codes`: the screen that faces the fixture, of one slot or of all. */
export const routes: readonly RouteRecordRaw[] = [
  { path: '/codes/:slot?', name: 'codes', component: () => import('./CodesPage.vue') },
];
