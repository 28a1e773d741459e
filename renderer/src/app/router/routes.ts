import type { RouteRecordRaw } from 'vue-router';
import { routes as batches } from '../../features/batches/routes.ts';
import { routes as firmware } from '../../features/firmware/routes.ts';
import { OperatorPage } from '../../features/operator/index.ts';
import { routes as returns } from '../../features/returns/routes.ts';
import { routes as sync } from '../../features/sync/routes.ts';
import { routes as pool } from '../../features/triple-pool/routes.ts';

/** The pages of the back office, in the order of the side navigation. A new feature adds its line here. */
export const BACK_OFFICE: readonly RouteRecordRaw[] = [...batches, ...returns, ...pool, ...firmware, ...sync];

/**
 * All addresses. The operator's page is in the first load; everything else is loaded when it is opened. An address that
 * does not exist leads to the operator's page.
 */
export const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', name: 'operator', component: OperatorPage },
  {
    path: '/office',
    name: 'office',
    component: () => import('../shell/AdminShell.vue'),
    children: [...BACK_OFFICE],
  },
  { path: '/:unknown(.*)*', redirect: { name: 'operator' } },
];
