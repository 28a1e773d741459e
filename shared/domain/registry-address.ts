/** What is wrong with the typed address of a registry. */
export type RegistryAddressProblem = 'missing' | 'scheme' | 'form' | 'credentials' | 'query' | 'fragment';

/** The parts of a `URL` that the rule looks at. */
interface AddressParts {
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
  readonly search: string;
  readonly hash: string;
}

/**
 * What is wrong with the address of a registry, as a person types it; null when nothing is. It has the scheme `http:` or
 * `https:`, a host and perhaps a port and a base path, and nothing else: no user name, password, query or fragment.
 *
 * @param url `URL.parse` of the trimmed text
 */
export function registryAddressProblem(
  text: string,
  url: AddressParts | null,
): RegistryAddressProblem | null {
  const typed = text.trim();
  if (typed === '') return 'missing';
  if (!/^https?:/i.test(typed)) return 'scheme';
  if (url === null || url.hostname === '') return 'form';
  if (url.username !== '' || url.password !== '') return 'credentials';
  if (url.search !== '') return 'query';
  return url.hash === '' ? null : 'fragment';
}
