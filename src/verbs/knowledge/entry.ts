/** A note. */
export interface KnowledgeEntry {
  id: string;
  title: string;
  category: string;
  /** Markdown, without front matter. */
  text: string;
  /** `system` = of the database. */
  source: 'project' | 'user' | 'system';
  /** Absolute path; absent for an entry of the database. */
  file?: string;
  /** Present for an entry of the database. */
  learned?: {
    /** From 0 to 1. */
    confidence: number;
    /** The directive, run or person that wrote it. */
    source: string;
    createdAt: Date;
    updatedAt: Date;
  };
}

/** What a note is found by. */
export const entryText = ({ id, title, text }: KnowledgeEntry) => ({
  title: `${id} ${title}`,
  text,
  meaning: `${title}. ${text.slice(0, 600)}`,
});
