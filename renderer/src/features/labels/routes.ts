import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'labelTemplates.list' } as const;

/** `/labels`, `/labels/NAME`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/labels',
    name: 'labels',
    component: () => import('./LabelsPage.vue'),
    meta: { ...meta, navigation: { title: 'labels.title', icon: 'tag' } },
  },
  {
    path: '/labels/:name',
    name: 'label',
    component: () => import('./LabelDesignPage.vue'),
    // With a key, another template gets a new instance of the page.
    props: ({ params: { name } }) => ({ name, key: name }),
    meta,
  },
];
