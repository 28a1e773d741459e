/** The tones of each sound: distinct without sight and through ear protection, and not shrill. */
export const TONES = {
  /** Rising and short. */
  pass: [
    { hz: 784, atMs: 0, ms: 90, shape: 'sine' },
    { hz: 1175, atMs: 100, ms: 160, shape: 'sine' },
  ],
  /** Low and insistent. */
  fail: [
    { hz: 220, atMs: 0, ms: 220, shape: 'square' },
    { hz: 220, atMs: 300, ms: 220, shape: 'square' },
    { hz: 165, atMs: 600, ms: 420, shape: 'square' },
  ],
  /** Two alternating tones: a failure of the station, not of the unit. */
  error: [
    { hz: 440, atMs: 0, ms: 160, shape: 'triangle' },
    { hz: 330, atMs: 180, ms: 160, shape: 'triangle' },
    { hz: 440, atMs: 360, ms: 160, shape: 'triangle' },
    { hz: 330, atMs: 540, ms: 240, shape: 'triangle' },
  ],
  /** One falling tone: the run was stopped. */
  stopped: [
    { hz: 520, atMs: 0, ms: 120, shape: 'triangle' },
    { hz: 390, atMs: 130, ms: 220, shape: 'triangle' },
  ],
  /** Two soft rising tones: the operator is asked something. */
  ask: [
    { hz: 587, atMs: 0, ms: 140, shape: 'sine' },
    { hz: 880, atMs: 170, ms: 240, shape: 'sine' },
    { hz: 880, atMs: 470, ms: 160, shape: 'sine' },
  ],
  /** Short and low: the scan was refused. */
  refused: [
    { hz: 180, atMs: 0, ms: 110, shape: 'square' },
    { hz: 180, atMs: 150, ms: 110, shape: 'square' },
  ],
} as const satisfies Record<string, readonly Note[]>;

export type SoundName = keyof typeof TONES;

export interface Note {
  readonly hz: number;
  readonly atMs: number;
  readonly ms: number;
  readonly shape: 'sine' | 'square' | 'triangle';
}
