import type { RouteRecordRaw } from 'vue-router';
import { SECTIONS } from './sections.ts';

/** `/station` and its sections, `/station/registry`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/station',
    name: 'station',
    component: () => import('./StationPage.vue'),
    redirect: { name: 'station-general' },
    meta: { needs: 'settings.change', navigation: { title: 'station.title', icon: 'settings' } },
    children: SECTIONS.map(({ id, load }) => ({
      path: id,
      name: `station-${id}`,
      component: load,
      meta: { needs: 'settings.change' as const },
    })),
  },
];
