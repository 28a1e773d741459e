import type { LabelIssueView, LabelTemplateDetails, SectionHandlers } from '#shared/contract/index.ts';
import { checkLabelTemplate, type LabelTemplate } from '#shared/label/index.ts';
import type { CodedText } from '#shared/words/index.ts';
import { requireRun, type ReadableDatabase } from '../../core/database/index.ts';
import { writeYaml } from '../../core/yaml/index.ts';
import { type LabelTemplates, type StoredTemplate, templateOf } from './label-library.ts';
import { requireTemplate } from './named-template.ts';
import type { RecipeWithFiles } from './recipe-label.ts';
import { runLabel } from './run-label.ts';
import { readTemplateData, sampleValuesOf } from './templates/index.ts';
import { encodeWifiQr } from '#shared/codec/qr/index.ts';
import type { FontBook } from './fonts/font-book.ts';
import { renderCode } from './render-code.ts';
import { previewBeside, renderLabelBeside } from './label-job.ts';

/** The part of `Batches` that labels use; `execution` imports labels, so that labels cannot import it. */
interface BatchRecipes {
  recipeOf(batchId: string): RecipeWithFiles;
}

export function codeHandlers({
  database,
  batches,
  labelTemplates: { fonts },
}: {
  readonly database: ReadableDatabase;
  readonly batches: BatchRecipes;
  readonly labelTemplates: { readonly fonts: FontBook };
}): SectionHandlers<'codes'> {
  const text = new TextDecoder();
  return {
    'codes.wifi': async (credentials) => {
      const payload = encodeWifiQr(credentials);
      return { payload, svg: text.decode(await renderCode(payload, 'svg', { title: 'Wi-Fi' })) };
    },
    'codes.label': async ({ runId }, { signal }) => {
      const run = requireRun(database, runId);
      const label = runLabel(database, run, batches.recipeOf(run.batchId));
      const svg = await renderLabelBeside(label, 'svg', { fonts }, signal);
      return { payload: label.payload, svg: text.decode(svg) };
    },
  };
}

interface LabelTemplateServices {
  readonly database: ReadableDatabase;
  readonly batches: BatchRecipes;
  readonly labelTemplates: LabelTemplates;
}

export function labelTemplateHandlers({
  database,
  batches,
  labelTemplates,
}: LabelTemplateServices): SectionHandlers<'labelTemplates'> {
  const details = async (name: string, version: number | null): Promise<LabelTemplateDetails> => {
    const latest = await labelTemplates.get(name);
    const versions = await labelTemplates.versions(name);
    const one = versions.find(({ saved }) => version !== null && saved?.version === version) ?? latest;
    const uses = await labelTemplates.usesOf(name);
    return {
      facts: factsOf(one),
      template: readTemplateData(one.source),
      source: one.source,
      versions: versions.map(factsOf),
      uses: uses.map(({ sha256, ...use }) => ({
        ...use,
        version: versions.find((stored) => stored.sha256 === sha256)?.saved?.version ?? null,
      })),
    };
  };

  return {
    'labelTemplates.list': async () => ({
      templates: (await labelTemplates.list()).map((stored) => {
        const template = templateOf(stored);
        return {
          ...factsOf(stored),
          title: template?.title ?? null,
          size: template?.size ?? null,
          elements: template?.elements.length ?? 0,
        };
      }),
    }),
    'labelTemplates.get': ({ name, version }) => details(name, version),
    'labelTemplates.read': ({ source }) => {
      requireTemplate(source, 'the file');
      return { template: readTemplateData(source) };
    },
    'labelTemplates.preview': async ({ template: written, dpi, runId }, { signal }) => {
      const source = writeYaml(written);
      const { shape, mistakes } = checkLabelTemplate(written);
      const issues = mistakes.map(({ path, key, message }) =>
        issueView([...path, ...(key === undefined ? [] : [key])], message),
      );
      if (shape === null) return { svg: null, issues, source };
      const values = valuesOf(shape, runId);
      const { svg, problems } = await previewBeside(
        { template: shape, values, dpi },
        labelTemplates.fonts,
        signal,
      );
      const found = problems.map(({ element, message }) => issueView(['elements', element], message));
      return { svg, issues: [...issues, ...found], source };
    },
    'labelTemplates.save': async ({ template }, { by }) => {
      const { name, saved } = labelTemplates.save(writeYaml(template), by);
      return details(name, saved?.version ?? null);
    },
    'labelTemplates.add': async ({ source }, { by }) => {
      const { name, saved } = labelTemplates.save(source, by);
      return details(name, saved?.version ?? null);
    },
    'labelTemplates.remove': async ({ name }, { by }) => {
      await labelTemplates.remove(name, by);
      return {};
    },
  };

  function valuesOf(template: LabelTemplate, runId: string | null) {
    const sample = sampleValuesOf(template);
    if (runId === null) return sample;
    const run = requireRun(database, runId);
    const label = runLabel(database, run, batches.recipeOf(run.batchId), {
      template: { template, sha256: '' },
    });
    const values = label.template?.values ?? sample;
    // The run gets its numbers from the recipe that has this template; before, the next number is shown.
    const counters = Object.keys(sample.counters).map((name) => [
      name,
      values.counters[name] ?? database.labelTemplates.nextNumber(name),
    ]);
    return { ...values, counters: Object.fromEntries(counters) as Record<string, number> };
  }
}

function factsOf({ name, sha256, saved }: StoredTemplate): LabelTemplateDetails['facts'] {
  return { name, sha256, saved };
}

function issueView(path: readonly (string | number)[], { code, en, 'zh-CN': zh }: CodedText): LabelIssueView {
  const [first, index] = path;
  const element = first === 'elements' && typeof index === 'number' ? index : null;
  return { element, path: path.join('.'), code, message: { en, 'zh-CN': zh } };
}
