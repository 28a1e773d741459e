import { yamlLanguage } from '@codemirror/lang-yaml';
import { expect, it } from 'vitest';
import { stepFieldsOf } from '../../renderer/src/features/recipes/editor/step-fields.ts';

const TEXT = `phases:
  - name: test
    steps:
      - verb: request
        name: supply
        retries: 2 # the contact bounces
        measure:
          - { name: voltage, as: number, limits: { min: 3.1, max: '\${top}' } }
          - name: current
            limits:
              max: 80
      - { verb: wait, ms: 20 }
`;

it('finds the numbers of the step at a line, each with its measurement and its place in the text', () => {
  const lines = TEXT.split('\n');
  const at = (line: number): string[] => {
    const text = {
      slice: (from: number, to: number) => TEXT.slice(from, to),
      lineAt: (offset: number) => TEXT.slice(0, offset).split('\n').length,
    };
    return stepFieldsOf(yamlLanguage.parser.parse(TEXT), text, line).map(({ of, key, from, to }) =>
      [of, key, TEXT.slice(from, to)].join(' '),
    );
  };
  const supply = [' retries 2', 'voltage min 3.1', 'current max 80'];
  expect(at(lines.findIndex((line) => line.includes('supply')) + 1)).toEqual(supply);
  expect(at(lines.findIndex((line) => line.includes('max: 80')) + 1)).toEqual(supply);
  expect(at(lines.findIndex((line) => line.includes('wait')) + 1)).toEqual([' ms 20']);
  expect(at(2)).toEqual([]);
});
