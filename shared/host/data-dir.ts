/** The default data directory of a station: the same for all hosts of a user, by the convention of the system. */
export function defaultDataDir(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
  home: string,
): string {
  const named = env['GONGWEI_DATA'];
  if (named !== undefined && named !== '') return named;
  switch (platform) {
    case 'win32':
      return `${env['APPDATA'] ?? `${home}\\AppData\\Roaming`}\\Gongwei`;
    case 'darwin':
      return `${home}/Library/Application Support/Gongwei`;
    default:
      return `${env['XDG_DATA_HOME'] ?? `${home}/.local/share`}/gongwei`;
  }
}
