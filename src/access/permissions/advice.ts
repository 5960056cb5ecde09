import { type ChainLink, refusingLink } from './permission-chain.js';

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

const placeOf = ({ link, name }: ChainLink): string =>
  link === 'speaker'
    ? `the role or the key of ${name}`
    : `the permissions of the directive ${name}`;
