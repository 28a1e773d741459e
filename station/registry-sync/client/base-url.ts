import { isIP } from 'node:net';
import { Fault } from '#shared/domain/fault.ts';
import { registryAddressProblem } from '#shared/domain/registry-address.ts';

/**
 * The address of a registry, as a person types it, in the form that is stored: scheme, host, port and base path, without a
 * slash at the end. Paths of calls are appended to it; a base path finds a registry behind a proxy.
 * Faults: `bad-input`, also for a user name, a password, a query and a fragment, which the stored form does not have.
 */
export function registryBaseUrl(text: string): string {
  const url = URL.parse(text.trim());
  const problem = registryAddressProblem(text, url);
  // Text before an "@" may be a password and is not repeated.
  const shown = text.includes('@') ? 'this' : `"${text}"`;
  if (url === null || problem === 'missing' || problem === 'scheme' || problem === 'form') {
    throw new Fault('bad-input', `${shown} is not the address of a registry`, {
      hint: 'Give it as "registry serve" prints it, such as http://192.168.1.5:8080; a base path such as /registry may follow.',
    });
  }
  if (problem === 'credentials') {
    throw new Fault('bad-input', `a registry's address has no name or password (${url.host})`, {
      hint: 'Give the address without the part before the "@"; the station sends its token from --token-file.',
    });
  }
  if (problem !== null) {
    const part = problem === 'fragment' ? 'fragment (from "#")' : 'query (from "?")';
    throw new Fault('bad-input', `a registry's address has no ${part}`, {
      hint: `Give ${url.origin}${withoutSlash(url.pathname)} alone.`,
    });
  }
  return `${url.origin}${withoutSlash(url.pathname)}`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** True for an address that sends tokens and secrets unencrypted over a network. */
export function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:') return false;
  const bare = hostname.replace(/^\[|\]$/g, '');
  const isHere = bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
  return !isHere;
}
