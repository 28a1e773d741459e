import type { RouteRecordRaw } from 'vue-router';
import { routes as manual } from '../../features/manual/routes.ts';
import { OperatorPage } from '../../features/operator/index.ts';
import { BACK_OFFICE } from './back-office.ts';

/**
 * All addresses. The operator's page is in the first load; everything else is loaded when it is opened. An address that
 * does not exist leads to the operator's page.
 */
export const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', name: 'operator', component: OperatorPage },
  {
    path: '/back-office',
    name: 'back-office',
    component: () => import('../shell/BackOfficeShell.vue'),
    children: [...BACK_OFFICE],
  },
  ...manual,
  { path: '/:unknown(.*)*', redirect: '/' },
];
