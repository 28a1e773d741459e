import { describe, expect, it } from 'vitest';
import { checkReported, parseThingModel, type ThingModel } from '#shared/domain/thing-model/index.ts';

/** As the console exports it: numbers are texts, structures are lists of specs. */
const LOCK = JSON.stringify({
  version: '1.0',
  profile: { ProductId: 'P', CategoryId: '595' },
  properties: [
    {
      id: 'lock_motor_state',
      name: '落锁状态',
      mode: 'r',
      required: true,
      define: { type: 'bool', mapping: { 0: '未落锁', 1: '已落锁' } },
    },
    {
      id: 'battery_percentage',
      name: '电池电量',
      mode: 'rw',
      define: { type: 'int', min: '-1', max: '100', start: '0', step: '1', unit: '%' },
    },
    { id: '_sys_cs_type', name: '云存类型', define: { type: 'enum', mapping: { 1: '全时', 2: '事件' } } },
    { id: '_sys_xp2p_info', name: 'xp2p', define: { type: 'string', min: '0', max: '64' } },
    {
      id: 'cards',
      name: '卡片',
      define: {
        type: 'array',
        arrayInfo: {
          type: 'struct',
          specs: [{ id: 'id', name: 'id', dataType: { type: 'string', min: '0', max: '4' } }],
        },
      },
    },
  ],
  events: [],
  actions: [{ id: 'unlock_remote', name: '远程解锁', input: [], output: [] }],
});

function model(): ThingModel {
  const read = parseThingModel(LOCK);
  if (!read.ok) throw new Error(JSON.stringify(read.reason));
  return read.model;
}

const WELL = {
  lock_motor_state: 1,
  battery_percentage: -1,
  _sys_cs_type: 2,
  _sys_xp2p_info: '',
  cards: [{ id: 'a1' }],
};

describe('a thing model', () => {
  it('accepts valid reports', () => {
    expect(checkReported(model(), WELL)).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a value out of range', { battery_percentage: 101 }, 'battery_percentage is 101, its range is -1 … 100'],
    ['a fraction', { battery_percentage: 1.5 }, 'battery_percentage is 1.5, not a whole number'],
    ['a truth that is none', { lock_motor_state: 2 }, 'lock_motor_state is 2, not 0 or 1'],
    ['a choice that is none', { _sys_cs_type: 3 }, '_sys_cs_type is 3, not one of 1, 2'],
    [
      'a text that is too long',
      { _sys_xp2p_info: 'x'.repeat(65) },
      '_sys_xp2p_info has 65 characters, its length is 0 … 64',
    ],
    ['an id it does not have', { volume: 3 }, 'volume is not in the model'],
    ['a member it does not have', { cards: [{ face: 1 }] }, 'cards [0] .face is not in the model'],
    [
      'a member too long',
      { cards: [{ id: 'a' }, { id: 'abcde' }] },
      'cards [1] .id has 5 characters, its length is 0 … 4',
    ],
    ['no list', { cards: 'a' }, 'cards is "a", not a list'],
  ])('names %s', (_what, change, issue) => {
    const issues = checkReported(model(), { ...WELL, ...change });
    expect(issues.map(({ id, what }) => `${id} ${what}`)).toEqual([issue]);
  });

  it('reports missing properties that the model or the recipe requires', () => {
    const issues = checkReported(model(), {}, ['battery_percentage', 'lock_motor_state']);
    expect(issues.map(({ id, what }) => `${id} ${what}`)).toEqual([
      'lock_motor_state was not reported',
      'battery_percentage was not reported',
    ]);
  });

  it.each(['', '[]', '{"properties":1}', '{"properties":[{"id":"a"}]}'])(
    'reports the problem of %s',
    (text) => {
      expect(parseThingModel(text)).toMatchObject({ ok: false });
    },
  );
});
