/** Runs in the page: returns what scrolls sideways or lies beyond the right edge. A table scrolls inside its card. */
export function sidewaysProblems(): string[] {
  const found: string[] = [];
  const { innerWidth } = window;
  const nameOf = (part: Element): string =>
    `${part.tagName.toLowerCase()}.${part.getAttribute('class') ?? ''} "${(part.textContent ?? '').trim().slice(0, 30)}"`;
  if (document.documentElement.scrollWidth > innerWidth) found.push('the document scrolls');
  for (const part of document.querySelectorAll('main, .ui-dialog, .dialog-body, .header, footer, nav'))
    if (part.clientWidth > 0 && part.scrollWidth > part.clientWidth + 1)
      found.push(`${nameOf(part)} scrolls: ${part.scrollWidth} in ${part.clientWidth}`);
  for (const part of document.querySelectorAll('main *, .ui-dialog *, header *')) {
    if (part.closest('.scroller, svg, .unseen, article, [role=tooltip], .clip') !== null) continue;
    const { right, width } = part.getBoundingClientRect();
    // The content of closed details keeps the layout of its last size and is not shown.
    if (width > 0 && right > innerWidth + 1 && part.checkVisibility()) {
      found.push(`${nameOf(part)} ends at ${Math.round(right)}`);
      break;
    }
  }
  return found;
}
