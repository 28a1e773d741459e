import { z } from 'zod';
import { localizedText, name } from '../recipe/common.ts';

/** Sizes of labels that printers of this kind take, mm. */
const MAX_WIDTH_MM = 250;
const MAX_HEIGHT_MM = 500;
/** A picture for one label; 64 KB of PNG are a drawing of some 2000 × 2000 dots in black and white. */
const MAX_PICTURE_CHARACTERS = 90_000;
const MAX_ELEMENTS = 60;

const mm = z.number().min(0).max(MAX_HEIGHT_MM);
const positiveMm = z.number().gt(0).max(MAX_HEIGHT_MM);
const placed = {
  /** A word by which people find it in a list. */
  id: name.optional(),
  /** Left upper corner of its box on the label, mm. */
  x: mm,
  y: mm,
  width: positiveMm,
  height: positiveMm,
};
/** Clockwise; the content is turned within the box, the box stays. */
const rotate = z.literal([0, 90, 180, 270]).default(0);
const align = z.enum(['left', 'center', 'right']);
const valign = z.enum(['top', 'middle', 'bottom']);
const content = z.string().min(1).max(1024);

const text = z.strictObject({
  kind: z.literal('text'),
  ...placed,
  /** Lines, with placeholders. A line whose placeholders are all empty is left out. */
  lines: z.array(content).min(1).max(20),
  /** The em, mm: letters are about two thirds of it high. */
  size: z.number().min(0.8).max(100).default(3),
  /** The text is made smaller down to this size when it does not fit. */
  minSize: z.number().min(0.8).max(100).default(1.2),
  /** True: a line that does not fit is broken; false: all lines are made smaller. */
  wrap: z.boolean().default(false),
  bold: z.boolean().default(false),
  align: align.default('left'),
  valign: valign.default('top'),
  rotate,
});

const symbol = {
  ...placed,
  value: content,
  align: align.default('center'),
  valign: valign.default('middle'),
  rotate,
};
const qr = z.strictObject({
  kind: z.literal('qr'),
  ...symbol,
  /** About 7, 15, 25 or 30 percent of the code may be damaged. */
  errorLevel: z.enum(['L', 'M', 'Q', 'H']).default('M'),
});
const datamatrix = z.strictObject({ kind: z.literal('datamatrix'), ...symbol });
const code128 = z.strictObject({
  kind: z.literal('code128'),
  ...symbol,
  /** Shows the value as text below the bars. */
  showText: z.boolean().default(false),
});

const image = z.strictObject({
  kind: z.literal('image'),
  ...placed,
  /** A PNG in base64. Parts darker than the middle are printed. */
  png: z
    .string()
    .min(1)
    .max(MAX_PICTURE_CHARACTERS)
    .regex(/^[A-Za-z0-9+/\s]+={0,2}\s*$/),
  align: align.default('center'),
  valign: valign.default('middle'),
  rotate,
});

/** A black bar: a line is one that is thin. */
const line = z.strictObject({ kind: z.literal('line'), ...placed });
const box = z.strictObject({ kind: z.literal('box'), ...placed, lineWidth: positiveMm.default(0.25) });

export const labelElement = z.discriminatedUnion('kind', [text, qr, datamatrix, code128, image, line, box]);
export type LabelElement = z.infer<typeof labelElement>;
export type LabelElementKind = LabelElement['kind'];
export type TextElement = z.infer<typeof text>;
export type SymbolElement = z.infer<typeof qr> | z.infer<typeof datamatrix> | z.infer<typeof code128>;
export type ImageElement = z.infer<typeof image>;

/** A template of labels: what is where, in mm, without the values of a unit and without a resolution. */
export const labelTemplate = z.strictObject({
  gongwei: z.literal('label/1'),
  name,
  title: localizedText,
  /** mm. */
  size: z.strictObject({
    width: z.number().min(5).max(MAX_WIDTH_MM),
    height: z.number().min(5).max(MAX_HEIGHT_MM),
  }),
  elements: z.array(labelElement).min(1).max(MAX_ELEMENTS),
});
export type LabelTemplate = z.infer<typeof labelTemplate>;
/** As it is written, without defaults. */
export type LabelTemplateInput = z.input<typeof labelTemplate>;
export type LabelElementInput = z.input<typeof labelElement>;
