import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { VERBS } from '#shared/recipe/index.ts';
import { inspectRecipe } from '#station';
import { recipeReference } from '../../../../scripts/docs/recipe-reference.ts';

const PAGE = readFileSync(new URL('../../../../docs/recipes.md', import.meta.url), 'utf8').replaceAll(
  '\r\n',
  '\n',
);
const BLOCKS = [...PAGE.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
  // Each line is another device.
  block.startsWith('frames:')
    ? block
        .trim()
        .split('\n')
        .map((line) => `device:\n  profile: at-module\n  ${line}\n`)
    : [block],
);

const FILES = new Map([
  ['camera-model.json', Buffer.from('{"properties":[{"id":"power_switch","define":{"type":"bool"}}]}')],
  ['pwm.ts', Buffer.from('')],
  ['lamp.png', Buffer.from('')],
]);
/** Whatever an example may need of the device. */
const DEVICE = `device:
  profile: at-module
  board: { kind: numato }
  reset: { line: rts }
  frames: { start: 'AA 55', length: { bytes: 1 }, checksum: { kind: crc16-modbus } }`;

/** The recipe that a block of the page is a part of. */
function around(block: string): string {
  if (/^gongwei:/m.test(block)) return block;
  const isDevice = block.startsWith('device:');
  const steps = isDevice ? '- { verb: identify, name: who }' : block;
  return `gongwei: recipe/1
name: example
version: 1.0.0
title: { zh-CN: 例, en: Example }
product: GWDEMO0001
serialNumber: { pattern: '.+', example: SN1 }
${isDevice ? block : DEVICE}
phases:
  - name: before
    kind: setup
    steps: [{ verb: identify }${isDevice ? '' : ', { verb: burn-triple }'}]
  - name: example
    steps:
${steps.replaceAll(/^/gm, '      ')}
`;
}

it('has more than a page of examples, one for each verb', () => {
  expect(BLOCKS.length).toBeGreaterThan(Object.keys(VERBS).length);
  for (const { doc } of Object.values(VERBS)) expect(BLOCKS).toContain(`${doc.example}\n`);
});

it.each(BLOCKS.map((block) => [block.split('\n').slice(0, 3).join(' ').slice(0, 70), block]))(
  'shows what is valid: %s',
  (_begin, block) => {
    expect(inspectRecipe(around(block), FILES).issues).toEqual([]);
  },
);

it('shows each verb by a step of that verb', () => {
  for (const [verb, { doc }] of Object.entries(VERBS))
    expect((parse(doc.example) as { verb: string }[]).map((step) => step.verb)).toContain(verb);
});

it('describes every verb and key of the schemas', () => {
  expect(PAGE.endsWith(`${recipeReference()}\n`)).toBe(true);
  expect(PAGE).toContain('### `prove-online`');
  expect(PAGE).toMatch(
    /\| `confirm` \| `registry` `registry-if-reachable` `device` \| `registry-if-reachable` \|/,
  );
});

it('has links to existing headings', () => {
  const anchors = [...PAGE.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  for (const [, target = ''] of PAGE.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(target);
});
