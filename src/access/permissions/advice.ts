import type { ChainLink } from '../../contracts/run/permission-check.js';
import { refusingLink } from './permission-chain.js';

/** Says which link of a chain refuses a right, and what to do. */
export function adviceOf(chain: readonly ChainLink[], right: string): string {
  const link = refusingLink(chain);
  if (!link)
    return 'Those who bound the run allow it only in different parts: write the same scope in all of them.';
  const { name, denied_by } = link;
  if (denied_by !== undefined) return `"${denied_by}" forbids it, in ${placeOf(link)}.`;
  if (link.link === 'speaker')
    return `The run works for ${name}, whose role or key does not include it: add it with mission roles set, or use a key with --right ${right}.`;
  const which = link.link === 'parent' ? `${name}, which started this run,` : name;
  return `The directive ${which} does not declare it: add it to its permissions.`;
}

/** Says why a right is granted. */
export function grantOf(chain: readonly ChainLink[], right: string | null): string {
  if (right === null) return 'Scripts of the project need no right to be called.';
  const names = chain.map(({ link, name }) =>
    link === 'speaker' ? name : `the directive ${name}`,
  );
  return `It is allowed by ${names.join(', ')}.`;
}

const placeOf = ({ link, name }: ChainLink): string =>
  link === 'speaker'
    ? `the role or the key of ${name}`
    : `the permissions of the directive ${name}`;
