import { printerSetting, type PrinterSetting } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** What options say about a printer. */
export interface PrinterFlags {
  readonly language?: PrinterSetting['language'];
  readonly dpi?: number;
  readonly size?: string;
  readonly gap?: string;
  readonly baud?: number;
}

/** Sizes of labels, as options are described. */
export const SIZE_HELP = 'size of one label in mm, such as 50x30';

const COMMON_PRINTER = {
  language: 'zpl',
  dpi: 203,
  widthMm: 40,
  heightMm: 30,
  gapMm: 2,
  baudRate: 9600,
} as const;

/**
 * The printer at `zpl://HOST:PORT`, `tspl://HOST:PORT`, `tcp://HOST:PORT`, `queue:NAME` or a port. What is not given is as in
 * `known`. Faults: `bad-input`.
 */
export function printerSettingOf(
  place: string,
  flags: PrinterFlags,
  known: PrinterSetting | null,
): PrinterSetting {
  const before = known ?? COMMON_PRINTER;
  const [width, height] = (flags.size ?? '').split(/x/i);
  const named = place.startsWith('zpl:') ? 'zpl' : place.startsWith('tspl:') ? 'tspl' : undefined;
  const parsed = printerSetting.safeParse({
    place: place.replace(/^(?:zpl|tspl):\/\//, 'tcp://'),
    language: named ?? flags.language ?? before.language,
    dpi: flags.dpi ?? before.dpi,
    widthMm: flags.size === undefined ? before.widthMm : Number(width),
    heightMm: flags.size === undefined ? before.heightMm : Number(height),
    gapMm: flags.gap === undefined ? before.gapMm : Number(flags.gap),
    baudRate: flags.baud ?? before.baudRate,
  });
  if (parsed.success && isAddress(parsed.data.place)) return parsed.data;
  throw new Fault('bad-input', `${place} with this size and resolution is no printer`, {
    hint: 'Write zpl://HOST:9100, tspl://HOST:9100 or queue:NAME, --size 50x30 and --dpi 203, 300 or 600.',
  });
}

function isAddress(place: string): boolean {
  if (place.startsWith('queue:')) return place.length > 'queue:'.length;
  if (!place.includes('://')) return true;
  if (!place.startsWith('tcp:') || !URL.canParse(place)) return false;
  const { hostname, port } = new URL(place);
  return hostname !== '' && Number(port) > 0;
}
