import { Fault } from '#shared/domain/fault.ts';

/**
 * The address of a registry as a person types it, in the one form that is stored and called: scheme, host, port and base
 * path, without a slash at the end. Paths of calls are appended to it, so that a registry behind a proxy is found below
 * its path. Faults: `bad-input` for what would be lost or shown on the way: a name or password, a query, a fragment.
 */
export function registryBaseUrl(text: string): string {
  const url = URL.parse(text.trim());
  // The text may hold a password: it is not repeated where there is an "@".
  const shown = text.includes('@') ? 'this' : `"${text}"`;
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new Fault('bad-input', `${shown} is not the address of a registry`, {
      hint: 'Give it as "registry serve" prints it, such as http://192.168.1.5:8080; a base path such as /registry may follow.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault('bad-input', `a registry's address has no name or password (${url.host})`, {
      hint: 'Give the address without what stands before the "@"; the station shows its token, from --token-file.',
    });
  }
  if (url.search !== '' || url.hash !== '') {
    const part = url.search === '' ? 'fragment (from "#")' : 'query (from "?")';
    throw new Fault('bad-input', `a registry's address has no ${part}`, {
      hint: `Give ${url.origin}${withoutSlash(url.pathname)} alone.`,
    });
  }
  return `${url.origin}${withoutSlash(url.pathname)}`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}
