import { Bitmap } from './bitmap.ts';
import { type LabelRenderer, MAX_COPIES, type Rendering, sideDots } from './rendering.ts';
import { splitZpl, type ZplCommand } from './zpl-commands.ts';
import { drawField, newField, type ZplField, type ZplSettings } from './zpl-field.ts';

/** Commands that set up the printer and leave nothing on the picture that this printer draws. */
const WITHOUT_INK = new Set(
  '^FX ^CI ^MM ^MN ^MT ^MD ^MU ^ML ^MF ^PR ^PO ^PM ^PF ^PP ^LS ^LT ^LR ^JM ^JU ^JZ ^JB ^XB ^SS ^ST ^ID ^FS'.split(
    ' ',
  ),
);

/**
 * ZPL II as far as labels of this product and those of its tests need it. `^PW`, `^LL`, `^LH`, `^CF`, `^BY`, `^FW` and `^CI` stay for the
 * next label. Source: Zebra, ZPL II Programming Guide.
 */
export function createZplRenderer(dpi: number): LabelRenderer {
  const settings: ZplSettings = {
    // Four by six inches, the label that such printers are sold with.
    width: dpi * 4,
    height: dpi * 6,
    home: { x: 0, y: 0 },
    font: { name: 'A', height: 9, width: 5 },
    bars: { module: 2, ratio: 3, height: 10 },
    turns: 0,
    isUtf8: false,
    isReversed: false,
  };
  return { render: (label) => render(label, settings) };
}

function render(label: Uint8Array, settings: ZplSettings): Rendering {
  const commands = splitZpl(Buffer.from(label));
  const unknown = new Set<string>();
  // The size of the label is valid for all of it, wherever it stands.
  for (const { code, text } of commands) {
    const [first = 0] = numbers(text);
    if (code === '^PW' && first > 0) settings.width = sideDots(first);
    if (code === '^LL' && first > 0) settings.height = sideDots(first);
  }
  const picture = new Bitmap(settings.width, settings.height);
  let copies = 1;
  let field = newField(settings);
  for (const command of commands) {
    const { code, text } = command;
    if (code === '^PQ') copies = Math.max(1, Math.min(MAX_COPIES, numbers(text)[0] ?? 1));
    else if (code === '^PW' || code === '^LL' || code === '^XA' || code === '^XZ') continue;
    else if (applySetting(command, settings)) field.turns = settings.turns;
    else if (applyToField(command, field)) continue;
    else if (code === '^FS') {
      const fault = drawField(picture, field, settings);
      if (fault !== null) unknown.add(fault);
      field = newField(settings);
    } else if (!WITHOUT_INK.has(code)) unknown.add(code);
    if (code === '^CI') settings.isUtf8 = (numbers(text)[0] ?? 0) === 28;
    if (code === '^LR') settings.isReversed = text.trim().toUpperCase() === 'Y';
  }
  return { picture, copies, unknown: [...unknown] };
}

const numbers = (text: string): (number | undefined)[] =>
  text.split(',').map((part) => (/^\s*-?\d+(\.\d+)?/.test(part) ? Number.parseFloat(part) : undefined));

const TURNS = { N: 0, R: 1, I: 2, B: 3 } as const;
const turnsOf = (letter: string | undefined): 0 | 1 | 2 | 3 | undefined =>
  TURNS[letter?.trim().toUpperCase() as keyof typeof TURNS];

/** False for a command that is none of the settings that stay. */
function applySetting({ code, text }: ZplCommand, settings: ZplSettings): boolean {
  const [first, second, third] = numbers(text);
  switch (code) {
    case '^LH':
      settings.home = { x: first ?? 0, y: second ?? 0 };
      return true;
    case '^CF': {
      const [name = ''] = text.split(',');
      const height = second ?? settings.font.height;
      settings.font = {
        name: name.trim() || settings.font.name,
        height,
        width: third ?? (second === undefined ? settings.font.width : 0),
      };
      return true;
    }
    case '^BY':
      settings.bars = {
        module: first ?? settings.bars.module,
        ratio: second ?? settings.bars.ratio,
        height: third ?? settings.bars.height,
      };
      return true;
    case '^FW':
      settings.turns = turnsOf(text[0]) ?? settings.turns;
      return true;
    default:
      return false;
  }
}

/** False for a command that is none of a field. */
function applyToField({ code, text, data }: ZplCommand, field: ZplField): boolean {
  const parts = text.split(',');
  const [first, second, third, fourth] = numbers(text);
  switch (code) {
    case '^FO':
    case '^FT':
      field.at = { x: first ?? 0, y: second ?? 0, isBaseline: code === '^FT' };
      return true;
    case '^FD':
    case '^FV':
      field.data = data;
      return true;
    case '^FH':
      field.escape = text[0] ?? '_';
      return true;
    case '^FR':
      field.isReversed = true;
      return true;
    case '^FB':
      field.block = {
        width: first ?? 0,
        lines: Math.max(1, second ?? 1),
        space: third ?? 0,
        justify: (parts[3]?.trim().toUpperCase() ?? 'L') || 'L',
      };
      return true;
    case '^A': {
      const height = second ?? field.font.height;
      field.font = {
        name: text[0] ?? '0',
        height,
        width: third ?? (second === undefined ? field.font.width : 0),
      };
      field.turns = turnsOf(text[1]) ?? field.turns;
      return true;
    }
    case '^BQ':
      field.turns = turnsOf(parts[0]) ?? field.turns;
      field.kind = { is: 'qr', module: third ?? 3, level: parts[3]?.trim().toUpperCase() ?? 'Q' };
      return true;
    case '^BX':
      field.turns = turnsOf(parts[0]) ?? field.turns;
      field.kind = { is: 'datamatrix', module: Math.max(1, second ?? 4), quality: third ?? 0 };
      return true;
    case '^BC':
    case '^B3':
    case '^BE':
      field.turns = turnsOf(parts[0]) ?? field.turns;
      field.kind = {
        is: 'bars',
        code: code === '^BC' ? 'code128' : code === '^B3' ? 'code39' : 'ean13',
        // ^B3 has its check digit before the height.
        height: (code === '^B3' ? third : second) ?? null,
        hasLine: (parts[code === '^B3' ? 3 : 2]?.trim().toUpperCase() || 'Y') !== 'N',
        isAbove: parts[code === '^B3' ? 4 : 3]?.trim().toUpperCase() === 'Y',
      };
      return true;
    case '^GB':
      field.kind = {
        is: 'box',
        width: Math.max(first ?? 1, third ?? 1),
        height: Math.max(second ?? 1, third ?? 1),
        thickness: third ?? 1,
        isWhite: parts[3]?.trim().toUpperCase() === 'W',
      };
      return true;
    case '^GF':
      field.kind = {
        is: 'graphic',
        graphic: {
          kind: parts[0]?.trim().toUpperCase() || 'A',
          totalBytes: third ?? 0,
          rowBytes: fourth ?? 0,
          data,
        },
      };
      return true;
    default:
      return false;
  }
}
