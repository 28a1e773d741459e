import type { RouteRecordRaw } from 'vue-router';

/** `/returns`, and `/returns/NAME` for a unit by its serial number, MAC, DeviceName or label. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/returns/:unit?',
    name: 'returns',
    component: () => import('./ReturnsPage.vue'),
    props: ({ params: { unit } }) => ({ unit: unit ?? '' }),
    meta: {
      needs: 'returns.read',
      navigation: { title: 'returns.title', icon: 'returns', homeOf: 'support' },
    },
  },
];
