import type { LabelIssueView, LabelTemplateDetails } from '#shared/contract/index.ts';
import { checkLabelTemplate, type LabelTemplate } from '#shared/label/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';

const NAMES = ['brand-50x30', 'lamp-60x40', 'serial-60x40', 'small-30x20', 'unit-40x30'] as const;
const sha256 = 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2';

function template(name: string): LabelTemplateDetails['template'] {
  return {
    gongwei: 'label/1',
    name,
    title: { 'zh-CN': '台灯标签', en: 'Label of the lamp' },
    size: { width: 60, height: 40 },
    elements: [
      { kind: 'box', id: 'frame', x: 1, y: 1, width: 58, height: 38, lineWidth: 0.3 },
      { kind: 'text', id: 'title', x: 3, y: 2, width: 34, height: 5, lines: ['{recipe.title}'], size: 4 },
      {
        kind: 'text',
        id: 'names',
        x: 3,
        y: 7.5,
        width: 34,
        height: 12,
        lines: ['{deviceName}', 'MAC {mac}'],
      },
      { kind: 'qr', id: 'code', x: 38, y: 2, width: 20, height: 20, value: '{deviceCode}' },
      { kind: 'line', id: 'rule', x: 3, y: 22.5, width: 54, height: 0.3 },
      { kind: 'code128', id: 'serial', x: 3, y: 24, width: 54, height: 13.5, value: '{serialNumber}' },
    ],
  };
}

/** Grey boxes in the places of the elements: what the station draws is seen in tests with a real one. */
function draw({ size, elements }: LabelTemplate): string {
  const boxes = elements.map(({ kind, x, y, width, height }) =>
    kind === 'box'
      ? `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="#000" stroke-width="0.3"/>`
      : `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${kind === 'line' ? '#000' : '#ccc'}"/>`,
  );
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="#fff"/>${boxes.join('')}</svg>`;
}

/** Templates that are shipped, and one of this station in three versions, which a recipe uses. */
export function labelTemplateAnswers(nowMs: number): Answers {
  const day = 86_400_000;
  const facts = (name: string, version: number | null): LabelTemplateDetails['facts'] => ({
    name,
    sha256,
    saved: version === null ? null : { version, savedBy: 'Chen Jie', savedAtMs: nowMs - (4 - version) * day },
  });
  const details = (name: string, version: number | null): LabelTemplateDetails => {
    const isSaved = name === 'lamp-60x40';
    const versions = isSaved ? [3, 2, 1].map((one) => facts(name, one)) : [facts(name, null)];
    return {
      facts: versions.find(({ saved }) => saved?.version === version) ?? versions[0] ?? facts(name, null),
      template: template(name),
      source: JSON.stringify(template(name)),
      versions,
      uses: isSaved
        ? [
            {
              recipeHash: sha256,
              recipe: 'lamp',
              recipeVersion: '1.4.0',
              file: 'lamp-60x40.yaml',
              version: 2,
            },
          ]
        : [],
    };
  };
  return {
    'labelTemplates.list': {
      templates: NAMES.map((name) => ({
        ...details(name, null).facts,
        title: { 'zh-CN': name === 'lamp-60x40' ? '台灯标签' : '二维码与名称', en: name },
        size: { width: Number(name.slice(-5, -3)), height: Number(name.slice(-2)) },
        elements: 6,
      })),
    },
    'labelTemplates.get': ({ name, version }) => {
      if (NAMES.some((known) => known === name)) return details(name, version);
      throw new Fault('not-found', `there is no label template ${name}`);
    },
    'labelTemplates.read': { template: template('of-file') },
    'labelTemplates.preview': ({ template: written }) => {
      const { shape, mistakes } = checkLabelTemplate(written);
      const issues = mistakes.map(({ path, message: { code, en, 'zh-CN': zh } }): LabelIssueView => ({
        element: path[0] === 'elements' && typeof path[1] === 'number' ? path[1] : null,
        path: path.join('.'),
        code,
        message: { en, 'zh-CN': zh },
      }));
      return { svg: shape === null ? null : draw(shape), issues, source: JSON.stringify(written) };
    },
    'labelTemplates.add': details('of-file', null),
    'labelTemplates.remove': ({ name }) => {
      if (name !== 'lamp-60x40') return {};
      throw new Fault('template-in-use', `the label template ${name} is in use: recipe lamp 1.4.0`, {
        details: { recipes: 'lamp 1.4.0' },
      });
    },
    'labelTemplates.save': ({ template: written }) => ({
      ...details(String(written['name']), null),
      facts: facts(String(written['name']), 4),
    }),
  };
}
