import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { counted, stepPath, pluralForm } from '#shared/words/index.ts';

const ROOT = join(import.meta.dirname, '../../..');

describe('a number and its noun', () => {
  it('agree in English, and have one form in Chinese', () => {
    expect([0, 1, 2, 21, 1.5].map((count) => counted(count, 'unit'))).toEqual([
      '0 units',
      '1 unit',
      '2 units',
      '21 units',
      '1.5 units',
    ]);
    expect([1, 3].map((count) => counted(count, 'batch', 'batches'))).toEqual(['1 batch', '3 batches']);
    expect([0, 1, 2].map((count) => pluralForm('zh-CN', count, ['个']))).toEqual(['个', '个', '个']);
    expect(pluralForm('en', NaN, ['unit', 'units'])).toBe('units');
  });

  it('agree in every message: no count is followed by a fixed plural', () => {
    const nouns =
      'triples|units|runs|messages|devices|leases|records|rules|rows|columns|entries|identities|secrets|reasons|measurements|phases|replays|mismatches|slots|days|hours';
    // What is a bound and not a count: it is never one.
    const bare = new RegExp(
      `\\$\\{(?![A-Z_.]+\\})[^{}]*\\} (?:more |finished |audit |other )?(?:${nouns}|take|wait)\\b`,
    );
    const found: string[] = [];
    for (const folder of ['cli', 'station', 'registry', 'kiosk'])
      for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts')) continue;
        for (const line of readFileSync(join(ROOT, folder, file), 'utf8').split('\n'))
          if (bare.test(line) && !/new Error\(|SELECT|padStart/.test(line))
            found.push(`${file}: ${line.trim()}`);
      }
    expect(found).toEqual([]);
  });
});

it('a failure outside of the phases is named by its step only', () => {
  expect(stepPath({ phase: 'burn', step: 'burn-triple' })).toBe('burn/burn-triple');
  expect(stepPath({ phase: '', step: 'open' }, ' › ')).toBe('open');
  expect(stepPath({ phase: '', step: '' })).toBe('');
});
