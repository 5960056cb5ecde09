// Stands in for a process that cannot live.
console.error('the reason why it cannot live');
process.exit(7);
