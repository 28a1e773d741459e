import { done } from '../envelope.ts';
import { repeatedly } from '../repeatedly.ts';
import type { Action, Actions, Task } from '../task.ts';

const LISTENING = 'microphone';
const RECORDING = 'recording';
/** Block duration of the simulator: the document does not specify it. */
const BLOCK_MS = 100;
/** Document 004: PCM of 16 kHz and 16 bit. It does not specify byte order and channels. */
const SAMPLES_PER_MS = 16;
const TONE_HZ = 1_000;
/** Level of the fixture's test tone, dB. */
const TONE_DB = 62;
/** Level of full scale, dB. */
const FULL_SCALE_DB = 90;
/** The beginning of an MP3 with an ID3 tag. */
const MP3 = Buffer.from('ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000').toString('base64');

/** The fixture's test tone as 16-bit PCM, little-endian. */
function block({ context }: Task): Buffer {
  const level = context.measure('microphone', TONE_DB) - FULL_SCALE_DB;
  const amplitude = 32_767 * Math.min(1, 10 ** (level / 20));
  const pcm = Buffer.alloc(2 * SAMPLES_PER_MS * BLOCK_MS);
  for (let sample = 0; sample < pcm.length / 2; sample++) {
    const phase = (2 * Math.PI * TONE_HZ * sample) / (1_000 * SAMPLES_PER_MS);
    pcm.writeInt16LE(Math.round(amplitude * Math.sin(phase)), 2 * sample);
  }
  return pcm;
}

/**
 * Delivers blocks of the tone until stopped: as base64 that ends in a line break, or with `isMicrophoneSourceData` as a list
 * of signed bytes under `voicecontent`.
 */
const startMicrophoneListener: Action = async (task) => {
  const asBytes = task.request.params['isMicrophoneSourceData'] === true;
  const listening = task.terminal.start(LISTENING, task.signal);
  const deliver = (): void => {
    const pcm = block(task);
    task.deliver(
      'initMicrophoneListener',
      asBytes
        ? { voicecontent: JSON.stringify([...new Int8Array(pcm)]) }
        : { voiceContent: `${pcm.toString('base64')}\n` },
    );
  };
  task.track(repeatedly(task, BLOCK_MS, listening, deliver));
  return done();
};

const stopMicrophoneListener: Action = async ({ terminal }) => {
  terminal.end(LISTENING);
  return done();
};

const startMicrophone: Action = async ({ terminal, signal }) => {
  terminal.start(RECORDING, signal);
  return done();
};

const stopMicrophone: Action = async ({ terminal }) => {
  terminal.end(RECORDING);
  return done({ voiceContent: MP3 });
};

const getMicrophoneState: Action = async ({ terminal }) =>
  done({
    microphoneListenerState: Number(terminal.isActive(LISTENING)),
    microphoneState: Number(terminal.isActive(RECORDING)),
  });

/** The last three are obsolete since version 2.9.0 of the app, but still available. */
export const MICROPHONE_ACTIONS: Actions = {
  startMicrophoneListener,
  stopMicrophoneListener,
  startMicrophone,
  stopMicrophone,
  getMicrophoneState,
};
