import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'settings.change' } as const;

/** A section of the page; `sections.ts` has its title and its settings. */
const section = (id: string, component: () => Promise<unknown>): RouteRecordRaw => ({
  path: id,
  name: `station-${id}`,
  component: component as () => Promise<object>,
  meta,
});

/** `/station` and its sections, as `/station/registry`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/station',
    name: 'station',
    component: () => import('./StationPage.vue'),
    redirect: { name: 'station-general' },
    meta: { ...meta, navigation: { title: 'station.title', icon: 'settings' } },
    children: [
      section('general', () => import('./GeneralSection.vue')),
      section('registry', () => import('./RegistrySection.vue')),
      section('slots', () => import('./SlotsSection.vue')),
      section('printer', () => import('./PrinterSection.vue')),
      section('instruments', () => import('./InstrumentsSection.vue')),
      section('networks', () => import('./NetworksSection.vue')),
      section('quotas', () => import('./QuotasSection.vue')),
      section('line', () => import('./LineSection.vue')),
      section('storage', () => import('./StorageSection.vue')),
      section('reports', () => import('./ReportsSection.vue')),
      section('backup', () => import('./BackupSection.vue')),
      section('updates', () => import('./UpdatesSection.vue')),
      section('doctor', () => import('./DoctorSection.vue')),
      section('trail', () => import('./TrailSection.vue')),
    ],
  },
];
