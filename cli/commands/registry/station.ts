import type { Command } from 'commander';
import { openRegistryStore } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import { STATION_RIGHTS, stationRight, type StationRight } from '#shared/registry-api/index.ts';
import { type CommonOptions, command, dataDirOf, group } from '../../command.ts';
import { formatUtcTime } from '../../format-time.ts';
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
      .argument('<name>', 'name of the station, as in "station configure"')
      .option(
        '--right <right...>',
        'firmware: put its own firmware online; desk: retire and control units of other stations',
      )
      .option(
        '--admin',
        'all rights, also for products, the firmware of all stations and the list of all devices',
      );
  return group('station', 'stations, each with a token of its own', [
    withRights('add', 'make a token for a station and print it; it is printed only once').action(add),
    command('list', 'list all stations, and all names that were used without a token of their own').action(
      list,
    ),
    withRights('rights', 'set the rights of a station beyond its own units').action(rights),
    command('revoke', "refuse a station's token; its name cannot be used until it is added again")
      .argument('<name>', 'name from "registry station list"')
      .action(revoke),
  ]);
}

function add(name: string, options: RightsOptions): void {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const granted = rightsOf(options);
  const token = store.addStation(name, granted);
  out.event('registry.station-added', { name, token, rights: granted });
  out.print(`${name}: ${token}`);
  out.print(
    'This token is printed only once. "station configure --token-file -" reads it from standard input.',
  );
}

function list(options: CommonOptions): void {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const stations = store.stations();
  for (const { origin, createdAtMs, revokedAtMs, ...station } of stations) {
    // The names of this event stay, for the programs that read it.
    out.event('registry.station', {
      ...station,
      came: origin,
      createdMs: createdAtMs,
      revokedMs: revokedAtMs,
    });
  }
  const rows = stations.map((station) => [
    station.name,
    station.state === 'no-token' ? 'NO TOKEN OF ITS OWN' : station.state,
    station.origin ?? '',
    station.rights.join(', '),
    formatUtcTime(station.createdAtMs),
    formatUtcTime(station.revokedAtMs),
    station.keys.at(-1) ?? '',
  ]);
  out.print(
    table(
      ['station', 'token', 'origin', 'rights', 'since (UTC)', 'revoked (UTC)', 'key of its signatures'],
      rows,
    ),
  );
}

function rights(name: string, options: RightsOptions): void {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  const granted = rightsOf(options);
  store.setRights(name, granted);
  out.event('registry.station-rights', { name, rights: granted });
  out.print(`${name}: ${granted.length === 0 ? 'no rights beyond its own units' : granted.join(', ')}`);
}

function revoke(name: string, options: CommonOptions): void {
  const out = createOutput(options);
  using store = openRegistryStore(registryDir(dataDirOf(options)));
  store.revokeStation(name);
  out.event('registry.station-revoked', { name });
  out.print(`the token of ${name} was revoked`);
}

/** Faults: `bad-input`. */
function rightsOf({ admin, right = [] }: RightsOptions): StationRight[] {
  const named = right.map((text) => {
    const parsed = stationRight.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new Fault('bad-input', `"${text}" is not a right of a station`, {
      hint: `Rights are: ${STATION_RIGHTS.join(', ')}.`,
    });
  });
  return [...new Set([...named, ...(admin === true ? (['admin'] as const) : [])])];
}
