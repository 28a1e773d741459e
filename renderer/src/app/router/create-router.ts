import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import { ROUTES } from './routes.ts';

/** The router of the application. The hash needs nothing of the host, which serves one document. */
export function createAppRouter(): Router {
  const router = createRouter({ history: createWebHashHistory(), routes: ROUTES });
  router.onError((error, to, from) => {
    console.error(`the page ${to.fullPath} was not loaded`, error);
    // The first address of a tab: there is no page to stay on.
    if (from.matched.length === 0) void router.replace({ name: 'operator' });
  });
  return router;
}
