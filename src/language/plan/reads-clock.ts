import type { Template } from '../../contracts/plan.js';
import { templateTexts } from './template-texts.js';

/** True when a template's value may differ from one moment to the next: it calls `now()`. Errs on the side of yes. */
export const readsClock = (template: Template): boolean =>
  templateTexts(template).some((text) => /\bnow\b/.test(text));
