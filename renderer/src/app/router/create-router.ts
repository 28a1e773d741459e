import {
  createRouter,
  createWebHashHistory,
  isNavigationFailure,
  NavigationFailureType,
  type RouteLocationNormalized,
  type Router,
} from 'vue-router';
import { ROUTES } from './routes.ts';

/** Vue-router replaces the function that loads a component by the component. */
const isLoaded = ({ matched }: RouteLocationNormalized): boolean =>
  matched.every(({ components }) => typeof components?.['default'] !== 'function');

/**
 * The router of the application. The hash needs nothing of the host, which serves one document.
 *
 * Browsers remember that a module could not be loaded until the document is loaded again. So a page that was never opened
 * stays closed while the station does not answer (`onClosed` says so), and after a failure the document is loaded again at its address,
 * if the host answers.
 */
export function createAppRouter(
  window: Window,
  { isAnswering, onClosed }: { isAnswering: () => boolean; onClosed: () => void },
): Router {
  const history = createWebHashHistory();
  // An address that was typed is a new entry of the browser's history, but vue-router gives it the position of the
  // entry before. Without its own position, going back to or from it would be off by one after a refused navigation.
  history.listen((to, from, { delta }) => {
    if (delta !== 0 || to === from) return;
    history.state['position'] = Number(history.state['position']) + 1;
    window.history.replaceState(history.state, '');
  });
  const router = createRouter({ history, routes: ROUTES });
  const isFirst = (from: RouteLocationNormalized): boolean => from.matched.length === 0;
  router.beforeEach((to, from) => {
    if (isFirst(from) || isLoaded(to) || isAnswering()) return true;
    onClosed();
    return false;
  });
  // Vue-router puts the address back after a refused navigation, except after a redirection.
  router.afterEach((to, from, failure) => {
    if (isNavigationFailure(failure, NavigationFailureType.aborted) && to.redirectedFrom !== undefined)
      history.go(-1, false);
  });
  router.onError((error, to, from) => {
    console.error(`the page ${to.fullPath} was not loaded`, error);
    // After the reload it is the first page, and a second failure leads to the operator's page.
    if (isFirst(from)) return void router.replace({ name: 'operator' });
    void loadAgain(router.resolve(to).href);
  });
  return router;

  /** A reload while the host does not answer would replace the page by an error page of the browser, for good. */
  async function loadAgain(address: string): Promise<void> {
    try {
      await window.fetch(window.location.pathname, { method: 'HEAD', cache: 'no-store' });
    } catch {
      return onClosed();
    }
    window.history.replaceState(window.history.state, '', address);
    window.location.reload();
  }
}
