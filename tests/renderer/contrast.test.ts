import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const tokens = await readFile(join(import.meta.dirname, '../../renderer/src/design/tokens.css'), 'utf8');

/** The value of a token in light or dark. */
function token(name: string, theme: 'light' | 'dark'): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(tokens)?.[1];
  if (value === undefined) throw new Error(`there is no token --${name}`);
  const pair = /light-dark\((#\w+),\s*(#\w+)\)/.exec(value);
  return (theme === 'light' ? pair?.[1] : pair?.[2]) ?? value;
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [r = 0, g = 0, b = 0] = channels;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('colours in %s', (theme) => {
  it.each([
    ['on-pass', 'pass'],
    ['on-fail', 'fail'],
    ['on-error', 'error'],
    ['on-error', 'error-stripe'],
    ['on-timeout', 'timeout'],
    ['on-ask', 'ask'],
    ['on-stopped', 'stopped'],
    ['on-stopped', 'stopped-stripe'],
    ['on-work-tile', 'work-tile'],
    ['on-warn', 'warn'],
    ['on-bad', 'bad'],
    ['on-good', 'good'],
    ['ink', 'bar'],
    ['ink', 'tile'],
    ['on-ink', 'ink'],
    ['ink-2', 'tile'],
  ])('%s on %s can be read from 3 m (7:1)', (ink, surface) => {
    expect(contrast(token(ink, theme), token(surface, theme))).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ['ink-2', 'well'],
    ['ink-2', 'page'],
    ['work', 'tile'],
    ['on-accent', 'work'],
    ['warn-mark', 'bar'],
    ['good-mark', 'bar'],
    ['bad-mark', 'bar'],
    ['warn-mark', 'well'],
    ['ink-3', 'bar'],
    ['ink-3', 'tile'],
    ['ink-3', 'well'],
    ['ink-3', 'page'],
  ])('%s on %s is readable text (4.5:1)', (ink, surface) => {
    expect(contrast(token(ink, theme), token(surface, theme))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['bar', 'tile', 'well', 'page'])('borders of controls can be seen on %s (3:1)', (surface) => {
    expect(contrast(token('line-strong', theme), token(surface, theme))).toBeGreaterThanOrEqual(3);
  });
});
