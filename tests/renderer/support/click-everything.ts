/** Goes to an address, and resolves when the router has arrived there, or where it leads. Runs in the page. */
export async function goTo(address: string): Promise<void> {
  type Routed = Element & {
    __vue_app__: {
      config: { globalProperties: { $router: { currentRoute: { value: { fullPath: string } } } } };
    };
  };
  location.hash = address;
  const root = [...document.querySelectorAll('body *')].find((element) => '__vue_app__' in element) as Routed;
  const { currentRoute } = root.__vue_app__.config.globalProperties.$router;
  const isThere = (): boolean =>
    decodeURIComponent(currentRoute.value.fullPath) === decodeURIComponent(location.hash.slice(1));
  do await new Promise(requestAnimationFrame);
  while (!isThere());
  await new Promise(requestAnimationFrame);
}

export interface ClickedPage {
  /** What was clicked, in order. */
  readonly clicked: string[];
  /** Addresses of pages that the page links to or goes to. */
  readonly addresses: string[];
}

/**
 * Clicks every enabled button, tab, switch and menu item of the page that is open, in the layers that they open, too. Runs in
 * the page. The user stays the same, and so does the page: where a click leads is only noted.
 *
 * @param known what was clicked before, on another page with the same frame
 */
export async function clickEverything({
  known,
  most,
}: {
  readonly known: readonly string[];
  readonly most: number;
}): Promise<ClickedPage> {
  const { session } = window.harness.station;
  const me = session.current;
  const home = location.hash;
  const done = new Set(known);
  const clicked: string[] = [];
  const addresses = new Set<string>();
  const CONTROLS =
    'button, summary, [role="button"], [role="menuitem"], [role="tab"], [role="switch"], [role="checkbox"], [role="radio"]';
  const LAYERS = '[role="menu"], [role="dialog"], [role="alertdialog"], dialog[open]';
  window.print = () => undefined;
  window.open = () => null;

  const frames = async (): Promise<void> => {
    for (let n = 0; n < 2; n += 1) await new Promise(requestAnimationFrame);
  };
  const isShown = (element: Element): boolean =>
    element.getClientRects().length > 0 && element.closest('[inert], [aria-hidden="true"]') === null;
  const isEnabled = (element: Element): boolean =>
    !element.matches(':disabled, [aria-disabled="true"], [data-disabled]');
  const layer = (): Element => [...document.querySelectorAll(LAYERS)].filter(isShown).at(-1) ?? document.body;
  const nameOf = (element: Element): string => {
    const own = element.getAttribute('data-testid') ?? element.textContent.trim().slice(0, 40);
    // Rows of a table have the same controls.
    const kind = own.replace(/[0-9a-f]{6,}|\d+/g, '#');
    const isOfPage = element.closest(`main, .ui-layer, ${LAYERS}`) !== null;
    return `${isOfPage ? home : 'frame'} ${kind}`;
  };
  const fillIn = (within: Element): void => {
    for (const field of within.querySelectorAll<HTMLInputElement>('input, textarea')) {
      if (field.value !== '' || !['text', 'password', 'search', 'number', 'textarea'].includes(field.type))
        continue;
      if (field.matches('[data-testid="scan-input"], [readonly], :disabled')) continue;
      const prototype = field instanceof HTMLInputElement ? HTMLInputElement : HTMLTextAreaElement;
      Object.getOwnPropertyDescriptor(prototype.prototype, 'value')?.set?.call(
        field,
        field.type === 'number' ? '2' : '246800',
      );
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  const press = (element: Element): void => {
    const how = { bubbles: true, cancelable: true, button: 0, pointerType: 'mouse' };
    element.dispatchEvent(new PointerEvent('pointerdown', how));
    element.dispatchEvent(new PointerEvent('pointerup', how));
    (element as HTMLElement).click();
  };

  for (let stuck = 0; clicked.length < most && stuck < 3;) {
    const top = layer();
    if (top !== document.body) fillIn(top);
    const next = [...top.querySelectorAll(CONTROLS)].find(
      (element) =>
        isShown(element) &&
        isEnabled(element) &&
        !done.has(nameOf(element)) &&
        element.getAttribute('data-testid') !== 'sign-out',
    );
    for (const link of top.querySelectorAll('a[href^="#/"]'))
      if (isShown(link)) addresses.add(link.getAttribute('href') ?? '');
    // "In a window of its own" leads to the page itself.
    addresses.delete(home);
    if (next === undefined) {
      if (top === document.body) break;
      stuck += 1;
      const escape = { key: 'Escape', bubbles: true, cancelable: true };
      (top.contains(document.activeElement) ? document.activeElement : top)?.dispatchEvent(
        new KeyboardEvent('keydown', escape),
      );
    } else {
      stuck = 0;
      const name = nameOf(next);
      done.add(name);
      clicked.push(name);
      press(next);
    }
    await frames();
    if (location.hash !== home) {
      addresses.add(location.hash);
      location.hash = home;
      await frames();
    }
    if (session.current !== me) session.change(me);
  }
  return { clicked, addresses: [...addresses] };
}
