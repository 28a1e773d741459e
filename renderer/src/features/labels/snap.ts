import { grid, round } from './label-data.ts';

export interface BoxMm {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Edges that are nearer than this are meant, mm. */
const NEAR_MM = 0.6;

/**
 * Where a box that is dragged to a place comes to lie: an edge or its middle at an edge or the middle of the label or another
 * box, else on the grid; always inside the label.
 */
export function snapMove(
  box: BoxMm,
  to: { readonly x: number; readonly y: number },
  others: readonly BoxMm[],
  size: { readonly width: number; readonly height: number },
): { readonly x: number; readonly y: number } {
  const x = snapOne(to.x, box.width, lines(size.width, others, 'x', 'width'));
  const y = snapOne(to.y, box.height, lines(size.height, others, 'y', 'height'));
  return { x: within(x, size.width - box.width), y: within(y, size.height - box.height) };
}

/** As `snapMove`, for the lower right corner. A side keeps at least 0.5 mm, and its exact length when it does not change. */
export function snapResize(
  box: BoxMm,
  to: { readonly width: number; readonly height: number },
  others: readonly BoxMm[],
  size: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const side = (
    start: number,
    length: number,
    before: number,
    edges: readonly number[],
    max: number,
  ): number => {
    if (Math.abs(length - before) < 0.01) return before;
    const end = nearestOf(start + length, edges) ?? grid(start + length);
    return round(Math.max(0.5, Math.min(end, max) - start));
  };
  return {
    width: side(box.x, to.width, box.width, lines(size.width, others, 'x', 'width'), size.width),
    height: side(box.y, to.height, box.height, lines(size.height, others, 'y', 'height'), size.height),
  };
}

function lines(length: number, others: readonly BoxMm[], at: 'x' | 'y', long: 'width' | 'height'): number[] {
  return [
    0,
    length / 2,
    length,
    ...others.flatMap((one) => [one[at], one[at] + one[long] / 2, one[at] + one[long]]),
  ];
}

function snapOne(start: number, length: number, edges: readonly number[]): number {
  const offers = [0, length / 2, length].flatMap((part) => {
    const edge = nearestOf(start + part, edges);
    return edge === null ? [] : [edge - part];
  });
  const [best] = offers.sort((a, b) => Math.abs(a - start) - Math.abs(b - start));
  return best === undefined ? grid(start) : round(best);
}

function nearestOf(value: number, edges: readonly number[]): number | null {
  const [best] = [...edges].sort((a, b) => Math.abs(a - value) - Math.abs(b - value));
  return best === undefined || Math.abs(best - value) > NEAR_MM ? null : best;
}

function within(value: number, max: number): number {
  return round(Math.min(Math.max(0, value), Math.max(0, max)));
}
