import type { RouteRecordRaw } from 'vue-router';

const meta = { needs: 'recipes.list' } as const;

/** `/recipes`, `/recipes/drafts/ID`, `/recipes/versions/HASH`. */
export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/recipes',
    name: 'recipes',
    component: () => import('./RecipesPage.vue'),
    meta: { ...meta, navigation: { title: 'recipes.title', icon: 'recipe' } },
  },
  {
    path: '/recipes/drafts/:draftId',
    name: 'recipe-draft',
    component: () => import('./DraftPage.vue'),
    // With a key, another draft gets a new instance of the page.
    props: ({ params: { draftId } }) => ({ draftId, key: draftId }),
    meta,
  },
  {
    path: '/recipes/versions/:hash',
    name: 'recipe-version',
    component: () => import('./VersionPage.vue'),
    props: ({ params: { hash } }) => ({ hash, key: hash }),
    meta,
  },
];
