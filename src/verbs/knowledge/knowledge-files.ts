import { basename, join, relative } from 'node:path';
import { FileTree, type TextFile } from '../../platform/files/file-tree.js';
import type { KnowledgeEntry } from './entry.js';
import { frontMatter } from '../../platform/files/front-matter.js';

type FileSource = 'project' | 'user';

/** Notes in files: Markdown with front matter, in `.ai/knowledge` of the project and of the user. */
export class KnowledgeFiles {
  private readonly trees: [FileSource, string, FileTree][];
  /** The same entry for the same content, which a search recognises. */
  private readonly known = new WeakMap<TextFile, KnowledgeEntry>();

  constructor(project: string, userHome: string) {
    const roots: [FileSource, string][] = [['project', project]];
    if (userHome !== project) roots.push(['user', userHome]);
    this.trees = roots.map(([source, root]) => {
      const folder = join(root, '.ai/knowledge');
      return [source, folder, new FileTree(folder, ['.md'])];
    });
  }

  /** The entries; those of the project come first. */
  async read(): Promise<KnowledgeEntry[]> {
    const read = this.trees.map(async ([source, folder, tree]) =>
      (await tree.read()).files.map((file) => this.entryOf(source, folder, file)),
    );
    return (await Promise.all(read)).flat();
  }

  private entryOf(source: FileSource, folder: string, file: TextFile): KnowledgeEntry {
    let entry = this.known.get(file);
    if (!entry) this.known.set(file, (entry = entryOf(source, folder, file)));
    return entry;
  }
}

function entryOf(source: FileSource, folder: string, { file, text: whole }: TextFile) {
  const { facts, text } = frontMatter(whole);
  const id = String(facts['id'] ?? facts['zettel_id'] ?? basename(file, '.md'));
  const title = String(facts['title'] ?? /^#\s+(.+)$/m.exec(whole)?.[1] ?? id);
  const category = String(
    facts['category'] ?? relative(folder, file).split('/').slice(0, -1).join('/'),
  );
  return { id, title, category, text, file, source };
}
