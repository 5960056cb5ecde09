import type { Template } from '../../contracts/plan.js';
import { templateTexts } from './template-texts.js';

/** True when a template may call `now()`, so its value may change with time. May answer true too often. */
export const readsClock = (template: Template): boolean =>
  templateTexts(template).some((text) => /\bnow\b/.test(text));
