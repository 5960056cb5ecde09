import type { KnowledgeEntry } from '../../../verbs/knowledge/entry.js';

/** The JSON of a note in `/internal/knowledge`. */
export const toKnowledgeJson = ({
  id,
  title,
  category,
  source,
  text,
  learned,
}: KnowledgeEntry) => ({
  id,
  title,
  category,
  source,
  content: text,
  confidence: learned?.confidence ?? null,
  learned_from: learned?.source ?? null,
  created_at: learned?.createdAt ?? null,
  updated_at: learned?.updatedAt ?? null,
});
