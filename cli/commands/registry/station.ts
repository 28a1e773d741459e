import type { Command } from 'commander';
import { openRegistryStore } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import { STATION_RIGHTS, stationRight, type StationRight } from '#shared/registry-api/index.ts';
import { type CommonOptions, command, dataDirOf, group } from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { registryDir } from '../../data-directories.ts';

interface RightsOptions extends CommonOptions {
  readonly admin?: boolean;
  readonly right?: readonly string[];
}

/** The stations with access to the registry; on the registry's own data, also while it serves. */
export function registryStationCommand(): Command {
  const withRights = (name: string, description: string): Command =>
    command(name, description)
      .argument('<name>', 'as the station calls itself')
      .option(
        '--right <right...>',
        'firmware: put its own firmware online; desk: retire and control units that another station made',
      )
      .option('--admin', "everything, also products, everybody's firmware and the list of all devices");
  return group('station', 'stations, each with a token of its own', [
    withRights('add', 'make a token for a station and show it, only this once').action(add),
    command('list', 'list every station, and every name that was used without a token of its own').action(
      list,
    ),
    withRights('rights', 'replace the rights that a station has beyond its own units').action(rights),
    command('revoke', "refuse a station's token from now on; its name stays taken until it is added again")
      .argument('<name>', 'as "registry station list" names it')
      .action(revoke),
  ]);
}

function add(name: string, options: RightsOptions): void {
  const out = createOutput(options);
  using database = openRegistryStore(registryDir(dataDirOf(options)));
  const granted = rightsOf(options);
  const token = database.addStation(name, granted);
  out.event('registry.station-added', { name, token, rights: granted });
  if (out.json) return;
  out.print(`${name}: ${token}`);
  out.print('This token is shown once. "station configure --token-file -" takes it from standard input.');
}

function list(options: CommonOptions): void {
  const out = createOutput(options);
  using database = openRegistryStore(registryDir(dataDirOf(options)));
  const stations = database.stations();
  for (const station of stations) out.event('registry.station', station);
  if (out.json) return;
  const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
  const rows = stations.map((station) => [
    station.name,
    station.state === 'no-token' ? 'NO TOKEN OF ITS OWN' : station.state,
    station.came ?? '',
    station.rights.join(', '),
    time(station.createdMs),
    time(station.revokedMs),
  ]);
  out.print(table(['station', 'token', 'came', 'rights', 'since', 'revoked'], rows));
}

function rights(name: string, options: RightsOptions): void {
  const out = createOutput(options);
  using database = openRegistryStore(registryDir(dataDirOf(options)));
  const granted = rightsOf(options);
  database.setRights(name, granted);
  out.event('registry.station-rights', { name, rights: granted });
  if (!out.json) out.print(`${name}: ${granted.length === 0 ? 'only its own' : granted.join(', ')}`);
}

function revoke(name: string, options: CommonOptions): void {
  const out = createOutput(options);
  using database = openRegistryStore(registryDir(dataDirOf(options)));
  database.revokeStation(name);
  out.event('registry.station-revoked', { name });
  if (!out.json) out.print(`the token of ${name} is refused from now on`);
}

/** Faults: `bad-input`. */
function rightsOf({ admin, right = [] }: RightsOptions): StationRight[] {
  const named = right.map((text) => {
    const parsed = stationRight.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new Fault('bad-input', `"${text}" is no right of a station`, {
      hint: `There are: ${STATION_RIGHTS.join(', ')}.`,
    });
  });
  return [...new Set([...named, ...(admin === true ? (['admin'] as const) : [])])];
}
