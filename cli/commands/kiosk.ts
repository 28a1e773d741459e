import type { Command } from 'commander';
import { startKiosk } from '#kiosk';
import {
  type CommonOptions,
  command,
  dataDirOf,
  interruptSignal,
  untilAborted,
  wholeNumber,
} from '../command.ts';
import { createNodePlatform } from '#station';
import { type HostFlags, withHostOptions } from '../host-options.ts';
import { createOutput } from '../output.ts';
import { resource } from '../resources.ts';
import { withStation } from '../with-station.ts';

interface KioskOptions extends CommonOptions, HostFlags {
  readonly port: number;
}

export function kioskCommand(): Command {
  return withHostOptions(
    command('kiosk', 'the station in a browser, on this computer only').option(
      '--port <port>',
      '0 takes a free one',
      wholeNumber(0, 65535),
      0,
    ),
  ).action(kiosk);
}

async function kiosk(options: KioskOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withStation(
    options,
    async (station) => {
      await using host = await startKiosk({
        station,
        rendererDir: resource('out/renderer'),
        port: options.port,
        log: createNodePlatform(dataDirOf(options)).log,
      });
      out.event('kiosk.listening', { url: host.url });
      if (!out.json) out.say(`open once: ${host.url}`);
      await untilAborted(signal);
    },
    {
      slots: options.slot ?? 'remembered',
      autoSync: true,
      begins: true,
      ble: options.ble,
      boardPath: options.board,
      // A page is worth having without Bluetooth; its steps say so themselves.
      onBleFault: (fault) => out.say(`warning: ${fault.message}`),
    },
  );
}
