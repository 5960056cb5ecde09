/** A note. */
export interface KnowledgeEntry {
  id: string;
  title: string;
  category: string;
  /** Markdown, without front matter. */
  text: string;
  source: 'project' | 'user' | 'system';
  /** Absolute path; absent for an entry of the database. */
  file?: string;
}

/** What a note is found by. */
export const entryText = ({ id, title, text }: KnowledgeEntry) => ({
  title: `${id} ${title}`,
  text,
  meaning: `${title}. ${text.slice(0, 600)}`,
});
