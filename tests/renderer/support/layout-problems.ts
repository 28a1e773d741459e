/** Runs in the page: returns the elements that do not fit. */
export function layoutProblems(): string[] {
  const found: string[] = [];
  const { innerWidth, innerHeight } = window;
  // Large text must not be clipped or overlap.
  const words =
    '.tile-number, .word, .tile-word, .seen-it, .clock, .value, .supply, .choice, .good, .bad, .title';
  for (const part of document.querySelectorAll<HTMLElement>(
    `article :is(${words}), header :is(${words}), .answers *`,
  )) {
    if (part.offsetParent === null || part.matches('.clip, .tile-body, .result')) continue;
    if (part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
      found.push(`${part.className} is too narrow for "${part.textContent.trim()}"`);
  }
  for (const tile of document.querySelectorAll('article')) {
    const boxes = [...tile.querySelectorAll('.tile-number, .headline, .seen-it, .tile-unit, .tile-lines')]
      .map((part) => ({ name: part.className, box: part.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0);
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 2 && high > 6) found.push(`${tile.dataset['testid']}: ${one.name} lies on ${other.name}`);
      }
    }
  }
  const question = document.querySelector('[data-testid="ask-question"]');
  const picture = document.querySelector('.picture');
  if (question !== null && picture !== null) {
    const [words, image] = [question.getBoundingClientRect(), picture.getBoundingClientRect()];
    const apart = image.top >= words.bottom || image.left >= words.right;
    const answers = document.querySelector('.answers')?.getBoundingClientRect().top ?? innerHeight;
    if (!apart || image.bottom > answers) found.push('the picture lies on the question or its answers');
    if (question.scrollHeight > question.clientHeight + 2) found.push('the question is not whole');
  }
  for (const tile of document.querySelectorAll('article')) {
    const box = tile.getBoundingClientRect();
    if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) {
      found.push(`${tile.dataset['testid']} leaves the screen`);
    }
    for (const part of tile.querySelectorAll(
      '.tile-number, .word, .tile-word, .tile-serial, .seen-it, .progress, .message, .question',
    )) {
      const inner = part.getBoundingClientRect();
      if (inner.width === 0) continue;
      if (inner.right > box.right + 1 || inner.bottom > box.bottom + 1 || inner.left < box.left - 1) {
        found.push(`${tile.dataset['testid']}: ${part.className} leaves its tile`);
      }
    }
  }
  for (const panel of document.querySelectorAll('[data-testid="ask"]')) {
    const box = panel.getBoundingClientRect();
    if (box.right > innerWidth || box.bottom > innerHeight) found.push('the question leaves the screen');
    for (const part of panel.querySelectorAll(
      '.title, .left, .question, img, .answers > *, .line, .others > *',
    )) {
      const inner = part.getBoundingClientRect();
      if (inner.right > box.right || inner.bottom > box.bottom)
        found.push(`${part.className} leaves the question`);
    }
  }
  const foot = document.querySelector('.page > footer')?.getBoundingClientRect();
  for (const part of document.querySelectorAll('.page > footer :is(.field, .feedback, .text > *, button)')) {
    const inner = part.getBoundingClientRect();
    if (inner.height === 0 || foot === undefined) continue;
    if (inner.top < foot.top || inner.bottom > Math.min(foot.bottom, innerHeight) || inner.right > innerWidth)
      found.push(`${part.className} leaves the foot of the page`);
  }
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page scrolls');
  return found;
}
