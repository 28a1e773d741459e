/**
 * Runs in the page with the colours of the system, which replace every background: returns the controls, layers and bars
 * that nothing but their background sets apart.
 */
export function forcedColourProblems(): string[] {
  const found = new Set<string>();
  const nameOf = (part: Element): string =>
    `${part.tagName.toLowerCase()}.${part.getAttribute('class') ?? ''} "${(part.textContent ?? '').trim().slice(0, 30)}"`;
  const hasEdge = (part: Element): boolean => {
    const style = getComputedStyle(part);
    const lines = ['border-top', 'border-bottom', 'border-left', 'outline'];
    return lines.some(
      (line) =>
        Number.parseFloat(style.getPropertyValue(`${line}-width`)) > 0 &&
        style.getPropertyValue(`${line}-style`) !== 'none',
    );
  };
  const controls =
    'button, input:not([type=hidden], [type=file]), textarea, select, [role=combobox], [role=switch], [role=checkbox], [role=radio], [role=progressbar], [role=dialog], [role=alertdialog], .ui-layer';
  for (const part of document.querySelectorAll(controls)) {
    const { width, height } = part.getBoundingClientRect();
    // Inside a control that has an edge: the field of a search box, the name of a choice.
    const holder = part.parentElement?.closest(`label, .ui-control, .filter, ${controls}`) ?? null;
    if (width < 2 || height < 2 || part.closest('.unseen') !== null) continue;
    if (!hasEdge(part) && (holder === null || !hasEdge(holder))) found.add(`${nameOf(part)} has no edge`);
  }
  for (const part of document.querySelectorAll('[aria-current], [aria-selected=true], [aria-checked=true]'))
    if (part.getClientRects().length > 0 && !hasEdge(part))
      found.add(`${nameOf(part)} does not show that it is chosen`);
  return [...found];
}
