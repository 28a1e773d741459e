import '../src/strict-csp.ts';
import { HOST_BRIDGE, type HostBridge, PORT_MESSAGE } from '#shared/contract/host-bridge.ts';
import { memoryPair, messagePortTransport, type Transport } from '#shared/rpc/index.ts';
import { chooseDial, type Dial } from '../src/link/index.ts';
import { mountApp } from '../src/mount.ts';
import type { ToneName } from '../src/sound/index.ts';
import { failureOf, type SceneName, SCENES } from './scenes.ts';
import { createScriptedStation, type ScriptedStation } from './scripted-station.ts';

/** What a test holds of the page: the station behind it, the wire, and what was heard. */
export interface Harness {
  readonly station: ScriptedStation;
  readonly tones: ToneName[];
  readonly failureOf: typeof failureOf;
  /** While true, nobody answers a dial. */
  unreachable: boolean;
  cut(): void;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

// `?scene=mixed&slots=16`, and `&wire=port` to come in through the desktop host's bridge.
const query = new URLSearchParams(location.search);
const scene = (query.get('scene') ?? 'ready') as SceneName;
const station = createScriptedStation(SCENES[scene](Number(query.get('slots') ?? '4'), Date.now()));
const tones: ToneName[] = [];
let wire: Transport | null = null;

const harness: Harness = {
  station,
  tones,
  failureOf,
  unreachable: false,
  cut: () => wire?.close(),
};
window.harness = harness;

const dialMemory: Dial = () => {
  if (harness.unreachable) return Promise.reject(new Error('unreachable'));
  const [page, host] = memoryPair();
  station.serve(host);
  wire = page;
  return Promise.resolve(page);
};

const bridge: HostBridge = {
  connect() {
    if (harness.unreachable) return;
    const { port1, port2 } = new MessageChannel();
    wire = messagePortTransport({
      postMessage: (message) => port2.postMessage(message),
      close: () => port2.close(),
      listen(onMessage, onClose) {
        port2.addEventListener('message', (event: MessageEvent) => onMessage(event.data));
        port2.addEventListener('close', onClose);
        port2.start();
      },
    });
    station.serve(wire);
    window.postMessage(PORT_MESSAGE, '*', [port1]);
  },
};

function dialOfQuery(): Dial {
  if (query.get('wire') !== 'port') return dialMemory;
  (window as { [HOST_BRIDGE]?: HostBridge })[HOST_BRIDGE] = bridge;
  return chooseDial(window);
}

mountApp(window, { dial: dialOfQuery(), sounder: { play: (name) => tones.push(name) } });
