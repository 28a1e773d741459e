import type { RouteRecordRaw } from 'vue-router';

/** `/firmware`, and `/firmware/ID` with the details of one package. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/firmware',
    name: 'firmware',
    component: () => import('./FirmwarePage.vue'),
    meta: { needs: 'firmware.import', navigation: { title: 'firmware.title', icon: 'chip' } },
    children: [
      {
        path: ':firmwareId',
        name: 'firmware-package',
        component: () => import('./FirmwarePanel.vue'),
        props: ({ params: { firmwareId } }) => ({ firmwareId, key: firmwareId }),
      },
    ],
  },
];
