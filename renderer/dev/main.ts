import '../src/app/strict-csp.ts';
import type { FirmwareJob, PromptView, SlotView } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Role } from '#shared/rpc/index.ts';
import { mountApp, type MountedApp } from '../src/app/mount.ts';
import type { SoundName } from '../src/services/sound/index.ts';
import { changeJob } from './answers/firmware.ts';
import type { VariantName } from './answers/index.ts';
import { holdWork, releaseWork } from './answers/wait.ts';
import { ask, changeRun, changeSlot, finish } from './answers/slots.ts';
import { type Connection, createConnection } from './connection.ts';
import type { RunView } from './fixtures/slots.ts';
import { MockFiles } from './mock-files.ts';
import type { MockStation } from './mock-station.ts';
import { openScene } from './open-scene.ts';
import type { SceneName } from './scenes.ts';

/** The interface for tests: the station behind the page, and the connection to it. */
class Harness {
  /** The station that the page talks to, or will when it has reconnected. */
  station: MockStation;
  readonly sounds: SoundName[] = [];
  readonly files = new MockFiles();
  readonly connection: Connection;

  constructor(station: MockStation, transport: 'memory' | 'port') {
    this.station = station;
    this.connection = createConnection(transport, (end) => this.station.serve(end));
  }

  /** Replaces the station; the page reconnects to the new one. */
  load(scene: SceneName, slots: number): void {
    this.station = openScene(scene, { slots });
    this.connection.cut();
    // As when a network comes back: the page does not wait before it dials.
    setTimeout(() => window.dispatchEvent(new Event('online')), 20);
  }

  slot(slot: number, changes: Partial<SlotView>): void {
    changeSlot(this.station, slot, changes);
  }
  run(slot: number, changes: Partial<RunView>): void {
    changeRun(this.station, slot, changes);
  }
  ask(slot: number, kind: PromptView['kind']): void {
    ask(this.station, slot, kind);
  }
  finish(slot: number, outcome: Outcome, code: FaultCode | null = null, clearsInMs?: number): void {
    finish(this.station, slot, outcome, code, clearsInMs);
  }
  hold(): void {
    holdWork();
  }
  release(): void {
    releaseWork();
  }
  signOut(): void {
    this.station.session.change(this.station.session.initial);
  }
  job(changes: Partial<FirmwareJob> & Pick<FirmwareJob, 'jobId'>): void {
    changeJob(this.station, changes);
  }
}
export type { Harness };

declare global {
  interface Window {
    harness: Harness;
    /** Goes to an address with another scene, as if the document was loaded there, without its cost. */
    openAt(address: string): void;
  }
}

/**
 * Opens the scene of the address: `?scene=mixed&slots=16&variant=faults&role=support`; `&transport=port` to come in through
 * the bridge of the desktop host.
 */
function openAddress(): MountedApp {
  const query = new URLSearchParams(location.search);
  const station = openScene((query.get('scene') ?? 'ready') as SceneName, {
    slots: Number(query.get('slots') ?? '4'),
    variant: query.get('variant') as VariantName | null,
    role: query.get('role') as Role | null,
  });
  const harness = new Harness(station, query.get('transport') === 'port' ? 'port' : 'memory');
  window.harness = harness;
  return mountApp(window, {
    dial: harness.connection.dial,
    sounder: { play: (name) => harness.sounds.push(name) },
    files: harness.files,
  });
}

let app = openAddress();
const timeOfDay = Date.now;
const steadyTime = performance.now;
window.openAt = (address) => {
  app.unmount();
  window.harness.connection.cut();
  releaseWork();
  // A test may have set the clocks.
  Date.now = timeOfDay;
  performance.now = steadyTime;
  // The next application takes this entry for its first.
  history.pushState(null, '', address);
  app = openAddress();
};
