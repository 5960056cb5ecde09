// Stands in for npm: "installs" by linking the node_modules of this clone; takes a while, and counts its runs.
const { appendFileSync, symlinkSync } = require('node:fs');
const { resolve } = require('node:path');

appendFileSync('npm-runs', `${process.argv.slice(2).join(' ')}\n`);
setTimeout(() => symlinkSync(resolve(__dirname, '../../node_modules'), 'node_modules'), 500);
