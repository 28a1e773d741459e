import { encodeWifiQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Shows the run's own Wi-Fi code at the slot until its unit has reported the token. */
export async function wifiCode(
  step: StepOf<'wifi-code'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  if (run.bound === null)
    throw new Fault('recipe-invalid', 'wifi-code needs a burn-triple step before it', {
      hint: 'The token of the run is made for the identity that was burned.',
    });
  const { factoryReset, answerMs, withinMs } = step;
  if (factoryReset !== undefined)
    await run.ask(
      {
        step: stepName(step),
        kind: 'confirm',
        ask: run.scope.localizedText(factoryReset),
        image: null,
        choices: [],
        unit: null,
      },
      answerMs,
      signal,
    );
  const { ssid, password } = await run.provisioning.network(step.network);
  const task = await run.provisioning.start(signal);
  const payload = encodeWifiQr({ ssid, password, token: task.token });
  using _shown = run.showCode({ ssid, payload, withinMs });
  await task.awaitReported(withinMs, signal);
}
