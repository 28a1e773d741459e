import '../src/app/strict-csp.ts';
import {
  FILE_PORT_MESSAGE,
  HOST_BRIDGE,
  type HostBridge,
  PORT_MESSAGE,
} from '#shared/contract/host-bridge.ts';
import {
  createInMemoryTransports,
  messagePortTransport,
  type Role,
  type Transport,
} from '#shared/rpc/index.ts';
import { chooseDial, type Dial } from '../src/services/client/index.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { mountApp } from '../src/app/mount.ts';
import type { SoundName } from '../src/services/sound/index.ts';
import type { OfficeOptions } from './office/index.ts';
import { promptOf } from './prompts.ts';
import { failureOf, type SceneName, SCENES } from './scenes.ts';
import { createScriptedStation, type ScriptedStation } from './scripted-station.ts';

/** What a test holds of the page: the station behind it, the wire, and what was heard. */
export interface Harness {
  /** The station that the page talks to, or will when it has reconnected. */
  readonly station: ScriptedStation;
  /** Another station in its place; the page comes over by itself. */
  load(scene: SceneName, slots: number): void;
  readonly tones: SoundName[];
  readonly files: FakeFiles;
  readonly failureOf: typeof failureOf;
  readonly promptOf: typeof promptOf;
  /** While true, nobody answers a dial. */
  unreachable: boolean;
  /** While true, the wire stands and carries nothing; what was sent meanwhile arrives afterwards. */
  silent: boolean;
  cut(): void;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

// `?scene=mixed&slots=16`; `&wire=port` to come in through the desktop host's bridge; behind the line `&role=support`,
// `&nobody` for a station without people, `&sample` for a sample line, `&unitMs=2000` for slow units, `&answers=never` or `&answers=faults`.
const query = new URLSearchParams(location.search);
const office: OfficeOptions = {
  ...(query.has('role') ? { role: query.get('role') as Role } : {}),
  staff: query.has('nobody') ? 'nobody' : query.has('sample') ? 'sample' : 'people',
  ...(query.has('answers') ? { answers: query.get('answers') as 'never' | 'faults' } : {}),
  unitMs: Number(query.get('unitMs') ?? '30'),
};
const stationOf = (scene: SceneName, slots: number): ScriptedStation =>
  createScriptedStation(SCENES[scene](slots, Date.now()), office);
let station = stationOf((query.get('scene') ?? 'ready') as SceneName, Number(query.get('slots') ?? '4'));
const tones: SoundName[] = [];
const files = createFakeFiles();
let wire: Transport | null = null;
let held: (() => void)[] | null = null;

const harness: Harness = {
  get station() {
    return station;
  },
  load(scene, slots) {
    station = stationOf(scene, slots);
    wire?.close();
    // As when a network comes back: the page need not wait before it tries again.
    setTimeout(() => window.dispatchEvent(new Event('online')), 20);
  },
  tones,
  files,
  failureOf,
  promptOf,
  unreachable: false,
  get silent() {
    return held !== null;
  },
  set silent(silent) {
    const waiting = held ?? [];
    held = silent ? waiting : null;
    if (!silent) for (const pass of waiting) pass();
  },
  cut: () => wire?.close(),
};
window.harness = harness;

const dialMemory: Dial = () => {
  if (harness.unreachable) return Promise.reject(new Error('unreachable'));
  const [page, host] = createInMemoryTransports();
  station.serve(holding(host));
  wire = page;
  return Promise.resolve(page);
};

/** The wire's end at the station, as a network lets it through. */
function holding(end: Transport): Transport {
  const pass = (work: () => void): void => (held === null ? work() : void held.push(work));
  return {
    ...end,
    send: (message) => pass(() => end.send(message)),
    onMessage: (listener) => end.onMessage((message) => pass(() => listener(message))),
  };
}

/** The desktop host's part, as its preload plays it. */
const bridge: HostBridge = {
  connect() {
    if (harness.unreachable) return;
    const { port1, port2 } = new MessageChannel();
    const host = messagePortTransport({
      postMessage: (message) => port2.postMessage(message),
      close: () => port2.close(),
      listen(onMessage) {
        port2.addEventListener('message', (event: MessageEvent) => onMessage(event.data));
        port2.start();
      },
    });
    station.serve(host);
    window.addEventListener('message', ({ ports: [port] }: MessageEvent) => {
      // Electron tells a page's port when its other end has gone; a plain browser does not, so it is done here.
      wire = { ...host, close: () => (host.close(), port?.dispatchEvent(new Event('close'))) };
    });
    window.postMessage(PORT_MESSAGE, '*', [port1]);
  },
  // The harness takes files without a port.
  openUploadPort: () => window.postMessage(FILE_PORT_MESSAGE, '*'),
};

function dialOfQuery(): Dial {
  if (query.get('wire') !== 'port') return dialMemory;
  (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE] = bridge;
  return chooseDial(window, null);
}

mountApp(window, { dial: dialOfQuery(), sounder: { play: (name) => tones.push(name) }, files });
