import type { FileProblem } from '../../contracts/catalog.js';
import { didYouMean } from './nearest.js';

/**
 * Hint for an unknown directive name: the file of that name that could not be loaded, else the nearest name. Undefined
 * when there is neither.
 */
export function missingDirective(
  name: string,
  names: Iterable<string>,
  problems: readonly FileProblem[],
): string | undefined {
  const meant = problems.find((problem) => problem.name === name || stem(problem.file) === name);
  return meant ? `${meant.file} ${meant.message}` : didYouMean(name, names);
}

const stem = (file: string): string | undefined => /([^/\\]+)\.[^.]+$/.exec(file)?.[1];
