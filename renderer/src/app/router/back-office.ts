import type { RouteRecordRaw } from 'vue-router';
import { routes as batches } from '../../features/batches/routes.ts';
import { routes as documents } from '../../features/documents/routes.ts';
import { routes as firmware } from '../../features/firmware/routes.ts';
import { routes as foreignRuns } from '../../features/foreign-runs/routes.ts';
import { routes as labels } from '../../features/labels/routes.ts';
import { routes as ownCodes } from '../../features/own-codes/routes.ts';
import { routes as recipes } from '../../features/recipes/routes.ts';
import { routes as returns } from '../../features/returns/routes.ts';
import { routes as runs } from '../../features/runs/routes.ts';
import { routes as station } from '../../features/station/routes.ts';
import { routes as sync } from '../../features/sync/routes.ts';
import { routes as setup } from '../../features/setup/routes.ts';
import { routes as users } from '../../features/users/routes.ts';
import { routes as pool } from '../../features/triple-pool/routes.ts';

/** The pages of the back office, in the order of the side navigation. A new feature adds its routes here. */
export const BACK_OFFICE: readonly RouteRecordRaw[] = [
  ...batches,
  ...foreignRuns,
  ...runs,
  ...recipes,
  ...labels,
  ...returns,
  ...ownCodes,
  ...pool,
  ...firmware,
  ...sync,
  ...documents,
  ...users,
  ...setup,
  ...station,
];
