import { basename, extname } from 'node:path';
import {
  DIRECTIVE_NAME,
  type DirectiveFile,
  type FileProblem,
  type Source,
} from '../../contracts/catalog.js';
import { directiveName } from './directive-name.js';
import type { Files, TextFile } from '../files/file-tree.js';

/**
 * The directives in the order of their names, and the files that were left out.
 */
export interface IndexedFiles {
  directives: ReadonlyMap<string, DirectiveFile>;
  problems: readonly FileProblem[];
}

type Sources = Record<Source, Files>;

/** Sources in descending priority. */
const ORDER: readonly Source[] = ['system', 'project', 'user'];

/**
 * Assigns the files of a library to directive names. Of two files with the same
 * name in one source, the one whose file name equals the directive's name wins,
 * otherwise the first by path. Unchanged files are not parsed again, and
 * unchanged sources are not sorted again.
 */
export class LibraryIndex {
  private readonly names = new WeakMap<TextFile, string | undefined>();
  private sources: Sources | undefined;
  private indexed: IndexedFiles = { directives: new Map(), problems: [] };

  of(sources: Sources): IndexedFiles {
    const { sources: known } = this;
    if (known && ORDER.every((source) => known[source] === sources[source])) return this.indexed;
    this.sources = sources;
    return (this.indexed = this.index(sources));
  }

  private index(sources: Sources): IndexedFiles {
    const directives = new Map<string, DirectiveFile>();
    const problems: FileProblem[] = [];
    for (const source of ORDER) {
      problems.push(...sources[source].problems);
      for (const { name, ...file } of this.named(sources[source].files)) {
        const problem = fault(source, name, directives.get(name ?? ''));
        if (problem) problems.push({ file: file.file, ...(name && { name }), ...problem });
        else directives.set(name!, { name: name!, source, ...file });
      }
    }
    const byName = [...directives].sort(([a], [b]) => (a < b ? -1 : 1));
    return { directives: new Map(byName), problems };
  }

  /** Sorts files whose name equals the directive's name first. */
  private named(files: readonly TextFile[]): (TextFile & { name: string | undefined })[] {
    const named = files.map((file) => ({ ...file, name: this.nameOf(file) }));
    const isCalledSo = ({ file, name }: (typeof named)[number]) => stem(file) === name;
    return [...named.filter(isCalledSo), ...named.filter((each) => !isCalledSo(each))];
  }

  private nameOf(file: TextFile): string | undefined {
    if (!this.names.has(file)) this.names.set(file, directiveName(file.text));
    return this.names.get(file);
  }
}

const stem = (file: string): string => basename(file, extname(file));

/** The reason why a file is left out; undefined when it is not. */
function fault(
  source: Source,
  name: string | undefined,
  known: DirectiveFile | undefined,
): Omit<FileProblem, 'file'> | undefined {
  if (name === undefined) return { message: `has no readable name; ${CHECK}` };
  if (!DIRECTIVE_NAME.test(name)) {
    return { message: `has a name that is not valid (${name.slice(0, 80)}); ${CHECK}` };
  }
  if (known?.source === 'system') {
    return {
      message: `has the name of a system directive (${name}), which takes precedence; choose another name`,
    };
  }
  return known && (known.source === source ? twin(known) : shadowed(known));
}

const CHECK = 'run mission validate for details';

function twin({ file, name }: DirectiveFile): Omit<FileProblem, 'file'> {
  const why = stem(file) === name ? 'and its file has that name' : 'and comes first';
  return {
    message: `is not used: ${file} has the same name (${name}) ${why}; rename one of the two`,
  };
}

const shadowed = ({ file, name }: DirectiveFile): Omit<FileProblem, 'file'> => ({
  message: `is not used here: ${file} of the project has the same name (${name})`,
  shadowed: true,
});
