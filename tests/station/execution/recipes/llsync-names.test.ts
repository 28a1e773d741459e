import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inspectRecipe } from '#station';

const FILES = join(import.meta.dirname, '../../../../resources/recipes');
const SAMPLE = readFileSync(join(FILES, 'llsync.yaml'), 'utf8');
const MODEL = readFileSync(join(FILES, 'llsync-model.json'));

/** The mistakes of the sample recipe with this change, each as its place and its message. */
function mistakesOf(find: string, by: string): string[] {
  expect(SAMPLE).toContain(find);
  const source = SAMPLE.replace(find, by);
  const { issues } = inspectRecipe(source, new Map([['llsync-model.json', MODEL]]));
  return issues.map(({ message }) => message.replace(/^phases\.\d+\.steps\.\d+\./, ''));
}

it('the sample recipe names what its thing model has', () => {
  expect(mistakesOf('brightness', 'brightness')).toEqual([]);
});

it.each([
  [
    'a property',
    'id: brightness',
    'id: brightnes',
    'id: llsync-model.json has no brightnes here; did you mean brightness?',
  ],
  ['a place', 'id: power', 'id: 7', 'id: llsync-model.json has no place 7 here: it has 7, from 0'],
  [
    'an event',
    'id: switched',
    'id: switch',
    'id: llsync-model.json has no switch here; did you mean switched?',
  ],
  [
    'a parameter of an event',
    '{ id: temperature, name',
    '{ id: temprature, name',
    'values.1.id: llsync-model.json has no temprature here; did you mean temperature?',
  ],
  ['an action', 'id: blink', 'id: blnk', 'id: llsync-model.json has no blnk here; did you mean blink?'],
  [
    'an input',
    '{ id: times, type',
    '{ id: time, type',
    'input.0.id: llsync-model.json has no time here; did you mean times?',
  ],
  ['another type', 'type: bool', 'type: int', 'type: llsync-model.json has power as bool'],
])('%s that the thing model does not have is a mistake', (_, find, by, message) => {
  expect(mistakesOf(find, by)).toEqual([message]);
});

it('members of a struct are found by their names, and a name needs the thing model', () => {
  const set = (members: string): string =>
    `id: colour\n        type: struct\n        member: green\n        set: [${members}]`;
  const one = 'id: brightness\n        type: int\n        set: 80';
  const limits = 'limits: { equals: 80 }';
  expect(SAMPLE).toContain(limits);
  expect(mistakesOf(one, set('{ id: red, type: int, value: 80 }'))).toEqual([]);
  expect(
    mistakesOf(one, set('{ id: rde, type: int, value: 80 }, { id: blue, type: float, value: 1 }')),
  ).toEqual([
    'set.0.id: llsync-model.json has no rde here; did you mean red?',
    'set.1.type: llsync-model.json has blue as int',
  ]);
  expect(mistakesOf('        model: llsync-model.json\n        id: blink\n', '        id: blink\n')).toEqual([
    'id: is a name: give its place in the thing model, from 0, or add model with the file of the thing model',
    'input.0.id: is a name: give its place in the thing model, from 0, or add model with the file of the thing model',
    'values.0.id: is a name: give its place in the thing model, from 0, or add model with the file of the thing model',
  ]);
});
