import { type Command, Option } from 'commander';
import type { PrinterSetting, PrinterState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PRINTER_LANGUAGES } from '#shared/domain/label-printer.ts';
import { PRINTER_PROBLEM_WORDS } from '#shared/words/index.ts';
import { type CommonOptions, command, group, interruptSignal, wholeNumber } from '../../command.ts';
import { createOutput } from '../../output.ts';
import { type PrinterFlags, printerSettingOf, SIZE_HELP } from '../../printer-setting.ts';
import { withCalls } from '../../with-calls.ts';
import { DPI_HELP, resolution } from '../label-templates.ts';

/** `station printer`: the label printer of all slots, as the station page sets it. */
export function printerCommand(): Command {
  return group('printer', 'the label printer, which serves all slots', [
    command('show', 'the label printer, and what it says about itself').action(show),
    command('set', 'choose the label printer, or change what is given')
      .argument(
        '[place]',
        'zpl://HOST:9100, tspl://HOST:9100, queue:NAME or a port; that of before when left out',
      )
      .addOption(new Option('--language <which>', 'language of a queue or a port').choices(PRINTER_LANGUAGES))
      .option('--dpi <n>', DPI_HELP, resolution)
      .option('--size <mm>', SIZE_HELP)
      .option('--gap <mm>', 'gap between two labels in mm; 0 for a roll without gaps')
      .option('--baud <rate>', 'bit rate of a serial port', wholeNumber(300, 1_000_000))
      .action(set),
    command('test', 'print a label that shows the size that is set').action(test),
    command('remove', 'the station has no label printer any more').action(remove),
  ]);
}

async function show(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, async ({ call }) => {
    const { setting } = await call('printer.get', {});
    if (setting === null) {
      out.event('printer', { setting: null, state: null });
      return out.print('this station has no label printer');
    }
    out.print(titleOf(setting));
    const state = await call('printer.state', {}, interruptSignal());
    out.event('printer', { setting, state });
    out.print(wordsOf(state));
  });
}

async function set(place: string | undefined, options: CommonOptions & PrinterFlags): Promise<void> {
  const out = createOutput(options);
  await withCalls(
    options,
    async ({ call }) => {
      const known = (await call('printer.get', {})).setting;
      const at = place ?? known?.place;
      if (at === undefined) {
        throw new Fault('bad-input', 'this station has no label printer yet', {
          hint: 'Say where it is: zpl://HOST:9100, tspl://HOST:9100, queue:NAME or its port.',
        });
      }
      const setting = printerSettingOf(at, options, known);
      await call('printer.set', { setting });
      out.event('printer.set', { setting });
      out.print(titleOf(setting));
    },
    { createIfMissing: true },
  );
}

async function test(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, async ({ call }) => {
    const { isConfirmed, state } = await call('printer.test', {}, interruptSignal());
    out.event('printer.tested', { isConfirmed, state });
    out.print(
      isConfirmed ? 'the label came out' : 'the label was sent; the printer does not say whether it came out',
    );
    out.print(wordsOf(state));
  });
}

async function remove(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, async ({ call }) => {
    await call('printer.set', { setting: null });
    out.event('printer.removed', {});
    out.print('this station has no label printer');
  });
}

function titleOf({ place, language, dpi, widthMm, heightMm, gapMm }: PrinterSetting): string {
  return `label printer ${place}: ${language.toUpperCase()}, ${dpi} dpi, labels of ${widthMm} × ${heightMm} mm with a gap of ${gapMm} mm`;
}

function wordsOf({ condition, problems, waiting }: PrinterState): string {
  const parts = [
    condition === 'silent' ? 'it takes data and says nothing about itself' : `it is ${condition}`,
    ...problems.map((problem) => PRINTER_PROBLEM_WORDS[problem].en),
    ...(waiting !== null && waiting > 0 ? [`labels that wait in it: ${waiting}`] : []),
  ];
  return parts.join(', ');
}
