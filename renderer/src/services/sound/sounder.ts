import { type Note, type SoundName, TONES } from './tones.ts';

export interface Sounder {
  play(name: SoundName): void;
}

const GAIN = { sine: 0.35, triangle: 0.4, square: 0.16 } as const;
const EDGE_S = 0.008;

/**
 * Plays tones with the browser's own synthesizer. Browsers play no sound before an input of the user, so the audio
 * context is created at the first key or click; earlier sounds are dropped.
 */
export function createSounder(window: Window & typeof globalThis): Sounder {
  let context: AudioContext | null = null;
  const unlocked = new AbortController();
  const unlock = (): void => {
    unlocked.abort();
    context = new window.AudioContext();
  };
  const options = { capture: true, signal: unlocked.signal };
  window.addEventListener('keydown', unlock, options);
  window.addEventListener('pointerdown', unlock, options);
  return {
    play(name) {
      if (context === null) return;
      const { currentTime } = context;
      void context.resume();
      for (const note of TONES[name]) sound(context, note, currentTime + 0.02);
    },
  };
}

function sound(context: AudioContext, note: Note, startS: number): void {
  const from = startS + note.atMs / 1000;
  const until = from + note.ms / 1000;
  const oscillator = new OscillatorNode(context, { type: note.shape, frequency: note.hz });
  // The volume is ramped at both ends; otherwise every tone clicks.
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(GAIN[note.shape], from + EDGE_S);
  gain.gain.setValueAtTime(GAIN[note.shape], until - EDGE_S);
  gain.gain.linearRampToValueAtTime(0, until);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(until);
}
