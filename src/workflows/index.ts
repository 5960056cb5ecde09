export { default } from './run-directive.js';
export { Thread } from './thread.js';
export { FireAutomation } from './fire-automation.js';
