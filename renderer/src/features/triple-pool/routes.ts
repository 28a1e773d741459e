import type { RouteRecordRaw } from 'vue-router';

/** `/pool`, and `/pool/PRODUCT` for the triples of one product. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/pool/:productId?',
    name: 'pool',
    component: () => import('./PoolPage.vue'),
    props: ({ params: { productId } }) => ({ productId: productId ?? '' }),
    meta: { needs: 'triples.import', navigation: { title: 'triples.title', icon: 'triple' } },
  },
];
