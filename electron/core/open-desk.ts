import { receiveUpload } from '#shared/files/index.ts';
import type { OutgoingFile } from '#shared/contract/station-files.ts';
import { slotsOf } from '#shared/host/index.ts';
import type { SessionRef, Transport } from '#shared/rpc/index.ts';
import { createBleCentral, createNodePlatform, createStation, type SecretBox } from '#station';
import type { MainMessage } from '../link/index.ts';

/** The station as the core's process has it: what a window may ask of it, each for its session. */
export interface StationHost {
  /** The station's name. */
  readonly name: string;
  serve(wire: Transport, sessionRef: SessionRef): void;
  /** Takes one file over a wire of its own. Who may bring one is judged before any of it is asked for. */
  bring(wire: Transport, sessionRef: SessionRef): void;
  /** A file that the station has made; `null` when there is none or this session may not have it. */
  find(fileId: string, sessionRef: SessionRef): OutgoingFile | null;
  /** Tells how many units are being worked on, whenever that changes. */
  onRuns(listener: (count: number) => void): void;
  /** Closes the station, then what it stood on. */
  close(): Promise<void>;
}

/** Opens the station that `start` names. Faults: those of `createStation`, `bad-input` for an adapter or a port named twice. */
export async function openStationHost(
  start: Extract<MainMessage, { t: 'start' }>,
  boxOver: (keyFile: SecretBox) => SecretBox,
): Promise<StationHost> {
  await using opening = new AsyncDisposableStack();
  const ble = start.ble === undefined ? null : opening.use(createBleCentral(start.ble));
  const onNode = createNodePlatform(start.dataDir, ble === null ? {} : { ble });
  const platform = { ...onNode, secretBox: boxOver(onNode.secretBox) };
  const station = await createStation(platform, {
    slots: start.slots.length === 0 ? 'remembered' : slotsOf(start.slots, start.board),
    boardPath: start.board,
    appVersion: start.appVersion,
    program: process.env['GONGWEI_PROGRAM'],
    sampleLine: start.sampleLine,
    control: true,
  });
  opening.defer(() => station.close());
  const opened = opening.move();
  return {
    name: station.name,
    serve: (wire, sessionRef) => station.serve(wire, sessionRef),
    bring: (wire, sessionRef) =>
      receiveUpload(
        wire,
        (name, sizeBytes, source, signal) =>
          station.receiveUpload(name, sizeBytes, source, sessionRef.current, signal),
        (error) => {
          const correlationId = platform.random.id().slice(-12);
          platform.log.error('desktop.file', error, { correlationId });
          return correlationId;
        },
      ),
    find: (fileId, sessionRef) => station.file(fileId, sessionRef.current),
    onRuns(listener) {
      const running = new Set<string>();
      station.onRunEvent((_slot, event) => {
        if (event.kind === 'started') running.add(event.runId);
        else if (event.kind === 'finished') running.delete(event.result.runId);
        else return;
        listener(running.size);
      });
    },
    close: () => opened.disposeAsync(),
  };
}
