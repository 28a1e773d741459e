/** How the person called this program, so that what they are told to type works as it stands. */
export function programName(env: NodeJS.ProcessEnv = process.env): string {
  const name = env['GONGWEI_PROGRAM'] ?? '';
  return name === '' ? 'gongwei' : name;
}
