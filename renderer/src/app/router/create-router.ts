import { createRouter, createWebHashHistory, type RouteLocationNormalized, type Router } from 'vue-router';
import { ROUTES } from './routes.ts';

/** Vue-router replaces the function that loads a component by the component. */
const isLoaded = ({ matched }: RouteLocationNormalized): boolean =>
  matched.every(({ components }) => typeof components?.['default'] !== 'function');

/**
 * The router of the application. The hash needs nothing of the host, which serves one document.
 *
 * Browsers remember that a module could not be loaded until the document is loaded again. So a page that was never opened
 * stays closed while the station does not answer, and after a failure the document is loaded again at its address.
 */
export function createAppRouter(window: Window, isStationAnswering: () => boolean): Router {
  const router = createRouter({ history: createWebHashHistory(), routes: ROUTES });
  const isFirst = (from: RouteLocationNormalized): boolean => from.matched.length === 0;
  router.beforeEach((to, from) => isFirst(from) || isLoaded(to) || isStationAnswering());
  router.onError((error, to, from) => {
    console.error(`the page ${to.fullPath} was not loaded`, error);
    // After the reload it is the first page, and a second failure leads to the operator's page.
    if (isFirst(from)) return void router.replace({ name: 'operator' });
    window.history.replaceState(window.history.state, '', router.resolve(to).href);
    window.location.reload();
  });
  return router;
}
