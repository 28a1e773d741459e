import type { LabelElementInput, LabelElementKind, LabelTemplateInput } from '#shared/label/index.ts';

/** A template while it is edited: as it is written, without defaults, and perhaps with mistakes. */
export type LabelData = LabelTemplateInput;
export type ElementData = LabelElementInput;

export const ELEMENT_KINDS = [
  'text',
  'qr',
  'datamatrix',
  'code128',
  'image',
  'line',
  'box',
] as const satisfies readonly LabelElementKind[];

/** A white picture of one dot, until another one is chosen. */
const NO_PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsVYm5wAAAABJRU5ErkJggg==';

/** A new element of a useful size, in the middle of the label. */
export function newElement(kind: LabelElementKind, size: LabelData['size']): ElementData {
  const wanted = {
    text: [20, 4],
    qr: [15, 15],
    datamatrix: [10, 10],
    code128: [35, 10],
    image: [10, 10],
    line: [20, 0.3],
    box: [20, 10],
  }[kind] as [number, number];
  const width = Math.min(wanted[0], size.width);
  const height = Math.min(wanted[1], size.height);
  const place = {
    x: grid((size.width - width) / 2),
    y: grid((size.height - height) / 2),
    width,
    height,
  };
  switch (kind) {
    case 'text':
      return { kind, ...place, lines: ['{deviceName}'] };
    case 'qr':
    case 'datamatrix':
      return { kind, ...place, value: '{deviceCode}' };
    case 'code128':
      return { kind, ...place, value: '{serialNumber}', showText: true };
    case 'image':
      return { kind, ...place, png: NO_PICTURE };
    case 'line':
      return { kind, ...place };
    case 'box':
      return { kind, ...place };
  }
}

/** A new template, to be filled. */
export function newTemplate(name: string): LabelData {
  const size = { width: 40, height: 30 };
  return {
    gongwei: 'label/1',
    name,
    title: { 'zh-CN': name, en: name },
    size,
    elements: [{ kind: 'qr', x: 2, y: 5, width: 20, height: 20, value: '{deviceCode}' }],
  };
}

const GRID_MM = 0.5;

/** The nearest place of the grid, mm. */
export function grid(mm: number): number {
  return round(Math.round(mm / GRID_MM) * GRID_MM);
}

/** Hundredths of a millimetre, without the errors of binary fractions. */
export function round(mm: number): number {
  return Math.round(mm * 100) / 100;
}
