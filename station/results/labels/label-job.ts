import type { LabelProblem } from './templates/laid-out.ts';
import type { LabelTemplate, LabelValues } from '#shared/label/index.ts';
import { type HeavyJob, runHeavy } from '../../core/heavy-work/index.ts';
import { type DrawingFormat, mmToDots } from './drawing.ts';
import { encodeSvg } from './encode-svg.ts';
import { createFontBook, type FontBook } from './fonts/font-book.ts';
import { SYMBOL_DEFAULTS } from './modules.ts';
import { type LabelOptions, renderLabel, type UnitLabel } from './render-label.ts';
import { layoutTemplate } from './templates/index.ts';

interface LabelTask {
  readonly label: UnitLabel;
  readonly format: DrawingFormat;
  readonly options: Omit<LabelOptions, 'fonts'>;
}

interface PreviewTask {
  readonly template: LabelTemplate;
  readonly values: LabelValues;
  readonly dpi: number;
}

export interface LabelPreview {
  readonly svg: string;
  readonly problems: readonly LabelProblem[];
}

/** `renderLabel` with fonts of its own. Faults: those of `renderLabel`. */
export const LABEL_JOB: HeavyJob<LabelTask, Uint8Array> = {
  name: 'label',
  isPure: true,
  run: ({ label, format, options }) => renderLabel(label, format, options),
};

/** A template as SVG, with what is wrong with it. Faults: those of `layoutTemplate`. */
export const PREVIEW_JOB: HeavyJob<PreviewTask, LabelPreview> = {
  name: 'label-preview',
  isPure: true,
  run: (task) => Promise.resolve(preview(task, createFontBook())),
};

/** More dots take tens of milliseconds to rasterize: a label of 150 × 100 mm has 8 million at 600 dpi, 1 million at 203. */
const MANY_DOTS = 3_000_000;
/** Pixels of a picture, or dots of its place on the label: more take more than 10 ms to draw. */
const MANY_PIXELS = 100_000;

/**
 * As `renderLabel`; a label of many dots or with a picture is drawn in a thread of its own. Faults: those of `renderLabel`, the
 * signal's reason.
 */
export async function renderLabelBeside(
  label: UnitLabel,
  format: DrawingFormat,
  { fonts, ...options }: LabelOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const template = label.template?.template;
  const {
    widthMm = template?.size.width ?? 0,
    heightMm = template?.size.height ?? 0,
    dpi = SYMBOL_DEFAULTS.dpi,
  } = options;
  const dots = mmToDots(widthMm, dpi) * mmToDots(heightMm, dpi);
  if (!hasLargePicture(template, dpi) && (format === 'svg' || format === 'pdf' || dots <= MANY_DOTS))
    return renderLabel(label, format, { ...options, ...(fonts === undefined ? {} : { fonts }) });
  return runHeavy(LABEL_JOB, { label, format, options }, { signal });
}

/** A preview; one with a picture is drawn in a thread of its own. Faults: those of `PREVIEW_JOB`, the signal's reason. */
export async function previewBeside(
  task: PreviewTask,
  fonts: FontBook,
  signal: AbortSignal,
): Promise<LabelPreview> {
  return hasLargePicture(task.template, task.dpi)
    ? runHeavy(PREVIEW_JOB, task, { signal })
    : preview(task, fonts);
}

function preview({ template, values, dpi }: PreviewTask, fonts: FontBook): LabelPreview {
  const { drawing, problems } = layoutTemplate(template, values, { dpi, fonts });
  return { svg: new TextDecoder().decode(encodeSvg(drawing)), problems };
}

function hasLargePicture(template: LabelTemplate | undefined, dpi: number): boolean {
  return (
    template?.elements.some((element) => {
      if (element.kind !== 'image') return false;
      const dots = mmToDots(element.width, dpi) * mmToDots(element.height, dpi);
      return Math.max(dots, pixelsOf(element.png)) > MANY_PIXELS;
    }) === true
  );
}

/** By the header of a PNG in base64; 0 for a picture that is none, which is refused at once. */
function pixelsOf(png: string): number {
  const header = Buffer.from(png.slice(0, 64), 'base64');
  return header.length < 24 ? 0 : header.readUInt32BE(16) * header.readUInt32BE(20);
}
