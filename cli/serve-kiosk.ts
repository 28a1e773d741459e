import { hostSystem } from '#node-kit/host-system/index.ts';
import { type Kiosk, startKiosk } from '#kiosk';
import { createNodePlatform, type ReopenableStation } from '#station';
import { quoteArgument } from '#shared/host/index.ts';
import { openBrowser } from './open-browser.ts';
import type { Output } from './output.ts';
import { programName, resource } from './program.ts';
import { onKeys } from './terminal-keys.ts';

export interface KioskOptions {
  readonly station: ReopenableStation;
  readonly dataDir: string;
  readonly port: number;
  /** True to open it in the default browser. */
  readonly open: boolean;
}

/** Serves a station in a browser. Prints a new link each time `l` is pressed at the terminal. */
export async function serveKiosk(
  { station, dataDir, port, open }: KioskOptions,
  out: Output,
  work: (kiosk: Kiosk, opened: boolean) => Promise<void>,
): Promise<void> {
  const { log } = createNodePlatform(dataDir);
  const linkCommand = `${programName()} kiosk link --data ${quoteArgument(dataDir, hostSystem().platform)}`;
  await using kiosk = await startKiosk({
    station,
    rendererDir: resource('out/renderer'),
    port,
    dataDir,
    linkCommand,
    log,
  });
  out.event('kiosk.listening', { url: kiosk.url });
  using browser = open ? await openBrowser(kiosk.url, dataDir) : null;
  using _keys = onKeys(process.stdin, { l: () => out.notice(`open once: ${kiosk.newSessionUrl()}`) });
  if (process.stdin.isTTY) out.notice('press l for a new link, Ctrl-C to stop');
  await work(kiosk, browser?.opened ?? false);
}
