import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PRINTER_RESOLUTIONS } from '#shared/domain/label-printer.ts';
import {
  checkTemplate,
  createFontBook,
  LabelLibrary,
  type NamedTemplate,
  type ReadableDatabase,
  requireTemplate,
  sampleLabel,
  templateOf,
  writeLabelFile,
} from '#station';
import { type CommonOptions, command, dataDirOf } from '../command.ts';
import { hasStation } from '../data-directories.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, table } from '../output.ts';
import { resource } from '../program.ts';
import { withCalls } from '../with-calls.ts';
import { withDatabase } from '../with-station.ts';

export const DPI_HELP = `resolution of the printer: ${PRINTER_RESOLUTIONS.join(', ')}`;

/** A resolution, for commander. */
export function resolution(text: string): number {
  const found = PRINTER_RESOLUTIONS.find((one) => String(one) === text);
  if (found !== undefined) return found;
  throw new Fault('bad-input', `${text} is not the resolution of a printer`, {
    hint: `Write ${PRINTER_RESOLUTIONS.join(', ')}.`,
  });
}

/** Commands about templates of labels. */
export function labelTemplateCommands(): Command[] {
  return [
    command('templates', 'templates of labels of this station and of this program').action(list),
    command('check', 'what is wrong with a template, with line and column')
      .argument('<file>', 'the template in YAML')
      .option('--dpi <n>', `${DPI_HELP}; all of them when left out`, resolution)
      .action(check),
    command('save', 'save a template at the station, as the next version of its name')
      .argument('<file>', 'the template in YAML')
      .action(save),
    command('remove', 'remove a template of this station from its list; its versions stay in the records')
      .argument('<name>', 'as in "label templates"')
      .action(remove),
    command('preview', 'a template with the values of a sample unit')
      .argument('<template>', 'a file, or the name of a template')
      .requiredOption('--to <file>', 'file.svg, file.png, file.pdf, file.zpl or file.tspl')
      .option('--dpi <n>', DPI_HELP, resolution, 300)
      .action(preview),
  ];
}

export function shippedLabelsDir(): string {
  return resource('resources/labels');
}

/**
 * A template by the path of its file, or by its name at the station or in this program. Faults: `file-missing`, `not-found`,
 * `bad-input`.
 */
export async function findTemplate(database: ReadableDatabase | null, text: string): Promise<NamedTemplate> {
  return requireTemplate(await templateText(database, text), text);
}

/** The text of a template that is named as for `findTemplate`. Faults: `file-missing`, `not-found`. */
export async function templateText(database: ReadableDatabase | null, text: string): Promise<string> {
  if (/[./\\]/.test(text)) return readTemplateFile(text);
  return (await new LabelLibrary(database, shippedLabelsDir()).get(text)).source;
}

async function readTemplateFile(path: string): Promise<string> {
  try {
    return requireUtf8Text(await readFile(path), path);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('file-missing', `${path} cannot be read`, {
      hint: 'Check the path; "label templates" lists the templates with a name.',
      cause,
    });
  }
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const library = (database: ReadableDatabase | null): LabelLibrary =>
    new LabelLibrary(database, shippedLabelsDir());
  const templates = hasStation(dataDirOf(options))
    ? await withDatabase(options, (database) => library(database).list())
    : await library(null).list();
  const rows = templates.map((stored) => {
    const { name, sha256, saved } = stored;
    const size = templateOf(stored)?.size ?? null;
    out.event('label.template', { name, sha256, version: saved?.version ?? null, size });
    const shown = size === null ? '' : `${size.width} × ${size.height} mm`;
    return [name, saved === null ? 'shipped' : `version ${saved.version}`, shown, sha256.slice(0, 12)];
  });
  out.print(table(['template', 'from', 'size', 'hash'], rows));
}

async function check(file: string, options: CommonOptions & { readonly dpi?: number }): Promise<void> {
  const out = createOutput(options);
  const source = await readTemplateFile(file);
  const dpis = options.dpi === undefined ? PRINTER_RESOLUTIONS : [options.dpi];
  const { template, issues } = checkTemplate(source, dpis, createFontBook());
  out.event('label.checked', { file, ok: template !== null, issues });
  for (const { line, column, path, message } of issues)
    out.print(`${file}:${line}:${column}: ${path === '' ? '' : `${path} `}${message.en}`);
  if (template === null) process.exitCode = EXIT_STATUS.badInput;
  else out.print(`${template.name} is valid: ${template.size.width} × ${template.size.height} mm`);
}

async function save(file: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const source = await readTemplateFile(file);
  requireTemplate(source, file);
  const { facts } = await withCalls(options, ({ call }) => call('labelTemplates.add', { source }));
  const version = facts.saved?.version ?? null;
  out.event('label.template', { name: facts.name, sha256: facts.sha256, version });
  out.print(`${facts.name} is saved as version ${version ?? '-'}`);
}

async function remove(name: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, ({ call }) => call('labelTemplates.remove', { name }));
  out.event('label.template-removed', { name });
  out.print(`${name} is removed`);
}

async function preview(
  text: string,
  options: CommonOptions & { readonly to: string; readonly dpi: number },
): Promise<void> {
  const out = createOutput(options);
  const path = resolve(options.to);
  const named = hasStation(dataDirOf(options))
    ? await withDatabase(options, (database) => findTemplate(database, text))
    : await findTemplate(null, text);
  await writeLabelFile(path, sampleLabel(named), { dpi: options.dpi });
  shareFile(path);
  out.event('label.written', { run: null, path, template: named.sha256 });
  out.print(path);
}
