import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { receiveUpload } from '#shared/files/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { slotsOf } from '#shared/host/index.ts';
import type { Session, Transport } from '#shared/rpc/index.ts';
import { createBleCentral, createNodePlatform, openReopenableStation, type SecretBox } from '#station';
import type { PageDefaults } from '#shared/contract/index.ts';
import type { MainMessage, StationNotice } from '../ipc/index.ts';
import { watchNotices } from './watch-notices.ts';

/** The station for the windows of the desktop; each window has its own session. */
export interface StationHost {
  /** The station's name. */
  readonly name: string;
  /** Serves the contract over a connection until it closes. */
  serve(transport: Transport, session: Session): void;
  /** Receives one upload over a connection of its own. The role of the session is checked before any byte is requested. */
  receiveUpload(transport: Transport, session: Session): void;
  /** A file that the station has made; `null` when there is none or this session may not have it. */
  findFile(fileId: string, session: Session): OutgoingFile | null;
  /** Calls `listener` with the number of runs under way whenever it changes. */
  onRunCount(listener: (count: number) => void): void;
  /** Calls `listener` with what a person should know. */
  onNotice(listener: (notice: StationNotice) => void): void;
  /** Calls `listener` with the language that the pages begin with, at once and whenever it changes. */
  onLanguage(listener: (language: PageDefaults['language']) => void): void;
  /** Fires when the station could not be opened again for its pages; the reason is the fault. */
  readonly brokenSignal: AbortSignal;
  /** Closes the station, then the Bluetooth adapter. */
  close(): Promise<void>;
}

/** The command line, where it is beside this program: the package of the desktop has no simulated units. */
function dryRunCommand(node: string | undefined): readonly string[] | undefined {
  const program = join(import.meta.dirname, '../../cli/main.js');
  return node === undefined || !existsSync(program) ? undefined : [node, program];
}

/** Opens the station that `start` names. Faults: those of `createStation`, `bad-input` for an adapter or a port named twice. */
export async function openStationHost(
  start: Extract<MainMessage, { t: 'start' }>,
  {
    secretBoxOver,
    openInstaller,
  }: {
    readonly secretBoxOver: (keyFile: SecretBox) => SecretBox;
    readonly openInstaller?: ((path: string) => Promise<void>) | undefined;
  },
): Promise<StationHost> {
  const station = await openReopenableStation(
    start.dataDir,
    ({ ble: storedBle, board: storedBoard }, stack) => {
      const [adapter, boardPath] = [start.ble ?? storedBle, start.board ?? storedBoard ?? undefined];
      const ble = adapter === null ? null : stack.use(createBleCentral(adapter));
      const onNode = createNodePlatform(start.dataDir, ble === null ? {} : { ble });
      const platform = { ...onNode, secretBox: secretBoxOver(onNode.secretBox) };
      const config = {
        slots: start.slots.length === 0 ? ('remembered' as const) : slotsOf(start.slots, boardPath),
        boardPath,
        appVersion: start.appVersion,
        program: process.env['GONGWEI_PROGRAM'],
        sampleLine: start.sampleLine,
        // Beside `out`, in the packaged program too.
        dryRunCommand: dryRunCommand(process.env['GONGWEI_NODE']),
        examplesDir: join(import.meta.dirname, '../../../resources/recipes'),
        labelsDir: join(import.meta.dirname, '../../../resources/labels'),
        control: true,
        openInstaller,
      };
      return Promise.resolve({ platform, config });
    },
  );
  const { clock, log, random } = createNodePlatform(start.dataDir);
  return {
    get name() {
      return station.current.name;
    },
    serve: (transport, session) => station.serve(transport, session),
    receiveUpload: (transport, session) =>
      receiveUpload(
        transport,
        (name, sizeBytes, source, signal) =>
          station.receiveUpload(name, sizeBytes, source, session.current, signal),
        (error) => {
          const correlationId = random.id().slice(-12);
          log.error('desktop.upload', error, { correlationId });
          return correlationId;
        },
      ),
    findFile: (fileId, session) => station.file(fileId, session.current),
    onRunCount(listener) {
      station.onOpen((opened) => {
        const running = new Set<string>();
        opened.onRunEvent((_slot, event) => {
          if (event.kind === 'started') running.add(event.runId);
          else if (event.kind === 'finished') running.delete(event.result.runId);
          else return;
          listener(running.size);
        });
      });
    },
    onNotice(listener) {
      station.onOpen((opened) => watchNotices(opened, () => clock.nowMs(), listener));
    },
    onLanguage(listener) {
      station.onOpen(({ settings }) => {
        const tell = (): void => listener(settings.pages().language);
        settings.onChange(tell);
        tell();
      });
    },
    brokenSignal: station.brokenSignal,
    close: () => station.close(),
  };
}
