import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { untilAborted } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { makeLink } from '#kiosk';
import { type CommonOptions, command, dataDirOf, interruptSignal, wholeNumber } from '../command.ts';
import { type HostFlags, withHostOptions } from '../host-options.ts';
import { createOutput } from '../output.ts';
import { sampleStationDir } from '../data-directories.ts';
import { serveKiosk } from '../serve-kiosk.ts';
import { withReopenableStation } from '../with-station.ts';

interface KioskOptions extends CommonOptions, HostFlags {
  readonly port: number;
}

export function kioskCommand(): Command {
  return (
    withHostOptions(
      command('kiosk', 'the station in a browser, on this computer only').option(
        '--port <port>',
        '0 takes a free one',
        wholeNumber(0, 65535),
        0,
      ),
    )
      .action(kiosk)
      // Otherwise `kiosk link --data DIR` would set the option of `kiosk`.
      .enablePositionalOptions()
      .addCommand(command('link', 'a new link to the kiosk that runs on a data directory').action(link))
  );
}

/** Makes a new link to a running kiosk, for another browser or after the browser was closed. */
function link(options: CommonOptions): void {
  const out = createOutput(options);
  const url = linkOf(dataDirOf(options));
  out.event('kiosk.link', { url });
  out.print(`open once: ${url}`);
}

async function kiosk(options: KioskOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withReopenableStation(
    options,
    async (station) => {
      const kioskOptions = { station, dataDir: dataDirOf(options), port: options.port, open: false };
      await serveKiosk(kioskOptions, out, async ({ url }) => {
        out.print(`open once: ${url}`);
        await untilAborted(AbortSignal.any([signal, station.brokenSignal]));
      });
    },
    {
      slots: options.slot ?? 'remembered',
      control: true,
      autoSync: true,
      resume: 'at-start',
      createIfMissing: true,
      ble: options.ble,
      boardPath: options.board,
      // The kiosk also runs without Bluetooth; steps that need it fail.
      onBleFault: (fault) => out.notice(`warning: ${fault.message}`),
    },
  );
}

/** A link to the kiosk of the data directory, or of its sample line. */
function linkOf(dataDir: string): string {
  try {
    return makeLink(dataDir);
  } catch (error) {
    const sample = sampleStationDir(dataDir);
    if (!(error instanceof Fault) || error.code !== 'not-found' || !existsSync(sample)) throw error;
    return makeLink(sample);
  }
}
