/**
 * Formats of keys of well-known services; long and random enough that other
 * texts rarely match.
 */
const SHAPES = [
  'sk-(?:[a-z]{2,8}\\d{0,2}-)*[A-Za-z0-9_]{20,}[A-Za-z0-9_-]*', // OpenAI, Anthropic
  '[sr]k_(?:live|test)_[A-Za-z0-9]{16,}', // Stripe
  'gh[pousr]_[A-Za-z0-9]{30,}', // GitHub
  'github_pat_[A-Za-z0-9_]{22,}',
  'glpat-[A-Za-z0-9_-]{20,}', // GitLab
  'xox[abeprs]-[A-Za-z0-9-]{10,}', // Slack
  'A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])', // AWS
  'AIza[A-Za-z0-9_-]{35}', // Google
  'mc_[a-z]{2,16}_[A-Za-z0-9_-]{43}', // ours
];

const KEY = new RegExp(`(?<![A-Za-z0-9_])(?:${SHAPES.join('|')})`, 'g');
/** A PEM private key, also with escaped line breaks inside JSON. */
const PEM =
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:[A-Za-z0-9+/=\s]|\\[nr])*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?/g;

/** Replaces every text in the format of a well-known key. */
export function maskKeyShapes(text: string, mark: string): string {
  const masked = text.length < 16 ? text : text.replace(KEY, mark);
  return masked.includes('PRIVATE KEY') ? masked.replace(PEM, mark) : masked;
}
