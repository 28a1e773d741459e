import type { RouteRecordRaw } from 'vue-router';
import { routes as manual } from '../../features/manual/routes.ts';
import { OperatorPage } from '../../features/operator/index.ts';
import { routes as operator } from '../../features/operator/routes.ts';
import { BACK_OFFICE } from './back-office.ts';

/**
 * All addresses. The operator's page is in the first load; everything else is loaded when it is opened. An address that
 * does not exist leads to the operator's page.
 */
export const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', name: 'operator', component: OperatorPage },
  ...operator,
  {
    path: '/back-office',
    name: 'back-office',
    component: () => import('../shell/BackOfficeShell.vue'),
    children: [...BACK_OFFICE],
  },
  // Links of labels and of other programs to a unit: by its serial number, MAC or DeviceName.
  { path: '/unit/:unit', redirect: ({ params: { unit } }) => ({ name: 'returns', params: { unit } }) },
  ...manual,
  { path: '/:unknown(.*)*', redirect: '/' },
];
