import type { Simulator } from '#simulator';
import type { Station } from '#station';

/** The lens of a unit that is still busy looks again. */
const LOOK_EVERY_MS = 100;

/** Holds each Wi-Fi code that slot 1 shows before the lens of the simulated unit, until the result is disposed of. */
export function showCodes(
  { codes }: Pick<Station, 'codes'>,
  simulator: Pick<Simulator, 'stimulate'>,
): Disposable {
  let timer: ReturnType<typeof setInterval> | undefined;
  const end = (): void => clearInterval(timer);
  const unwatch = codes.watch((slot, code) => {
    end();
    if (code === null) return;
    const { payload } = codes.read(slot, code.codeId);
    // A unit that looks at no code now refuses it.
    const look = (): void =>
      void simulator.stimulate(1, { kind: 'scan', code: payload }).catch(() => undefined);
    look();
    timer = setInterval(look, LOOK_EVERY_MS);
  });
  return {
    [Symbol.dispose]() {
      unwatch();
      end();
    },
  };
}
