import { type Command, responseDelay } from '../../parts/at/index.ts';

const EXPOSURE_MS = 250;
const USUAL = { luma: 128, sharpness: 742 } as const;

/**
 * `AT+FTIMG?`: takes a picture of the fixture's test chart and returns its mean brightness (0 to 255) and its sharpness
 * (0 to 1000).
 */
const picture: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'query') return session.write.unknown();
  const { measure, random, wait } = session.context;
  await wait(EXPOSURE_MS, session.signal);
  const luma = clamp(measure('luma', USUAL.luma) + random.integer(-3, 3), 255);
  const sharpness = clamp(measure('sharpness', USUAL.sharpness) + random.integer(-9, 9), 1_000);
  session.write.answer(session.write.field('FTIMG', `${luma},${sharpness}`));
};

function clamp(value: number, highest: number): number {
  return Math.max(0, Math.min(highest, Math.round(value)));
}

export const pictureCommands: Readonly<Record<string, Command>> = { 'AT+FTIMG': picture };
