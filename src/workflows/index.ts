export { default } from './run-directive.js';
