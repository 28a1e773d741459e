import { fillBytes, SAMPLE_SCOPE } from '../unit-text.ts';
import type { Mistake } from './explain.ts';
import type { RecipeView } from './view.ts';

/** Payloads that fit into no frame of the device. */
export function* frameMistakes({ device, inOrder }: RecipeView): Iterable<Mistake> {
  const frames = device?.frames;
  if (frames === undefined) return;
  const { payloadBytes, maxPayloadBytes } = frames;
  const asked = (device?.identify ?? []).map(({ frame }, index) => ({
    path: ['device', 'identify', index, 'frame'],
    frame,
  }));
  const sent = inOrder.map(({ path, step }) => ({
    path: [...path, 'frame'],
    frame: step !== null && 'frame' in step ? step.frame : undefined,
  }));
  for (const { path, frame } of [...asked, ...sent]) {
    // What is filled in may have any length.
    if (frame === undefined || frame.includes('{')) continue;
    const length = fillBytes(frame, SAMPLE_SCOPE)?.length ?? 0;
    if (payloadBytes !== undefined && length !== payloadBytes)
      yield {
        path,
        message: `has ${length} bytes, and device.frames says that payloads have ${payloadBytes}`,
      };
    else if (length > maxPayloadBytes)
      yield {
        path,
        message: `has ${length} bytes, and device.frames allows ${maxPayloadBytes} (maxPayloadBytes)`,
      };
  }
}
